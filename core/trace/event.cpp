// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/event.h"

#include <array>

namespace alloclens {
namespace {

constexpr std::array<std::string_view, kEventKindCount> kKindNames = {"allocation",   "partial-free", "final-free",
                                                                      "refused-free", "sweep",        "restart"};
constexpr std::array<std::string_view, kMemoryCount> kMemoryNames = {"DRAM",          "L1",    "L1_SMALL",
                                                                     "SYSTEM_MEMORY", "TRACE", "unknown"};

template <typename Enum, std::size_t N>
std::optional<Enum> fromName(const std::array<std::string_view, N>& names, std::string_view name) {
    for (std::size_t i = 0; i < N; ++i) {
        if (names[i] == name) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

}  // namespace

std::string_view eventKindName(EventKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }
std::optional<EventKind> eventKindFromName(std::string_view name) { return fromName<EventKind>(kKindNames, name); }
std::string_view memoryName(Memory memory) { return kMemoryNames[static_cast<std::size_t>(memory)]; }
std::optional<Memory> memoryFromName(std::string_view name) { return fromName<Memory>(kMemoryNames, name); }

std::string deviceText(std::int32_t device) { return device == kNoDevice ? std::string("?") : std::to_string(device); }

}  // namespace alloclens
