// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/printed_facts.h"

#include <algorithm>
#include <array>

namespace alloclens {
namespace {

constexpr std::array<std::string_view, 36> kNames = {
    "banner",           "server-started",     "server-stopped",      "statistics-begin",   "device-heading",
    "statistics-count", "statistics-bytes",   "active-allocations",  "sweep-announced",    "sweep-removed",
    "sweep-counters",   "remaining-begin",    "remaining-total",     "remaining-memory",   "remaining-entry",
    "double-freed",     "double-freed-entry", "double-freed-totals", "double-freed-count", "kernels-begin",
    "kernels-total",    "kernels-of-device",  "kernel-size",         "kernel-line",        "already-freed",
    "history-totals",   "history-line",       "size-changed",        "circular-buffer",    "kernel",
    "device-detected",  "devices-detected",   "detection-line",      "invalid-message",    "protocol-mismatch",
    "lines-missing"};
static_assert(kNames.size() == static_cast<std::size_t>(FactKind::LinesMissing) + 1);

}  // namespace

std::string_view factKindName(FactKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

std::optional<FactKind> factKindFromName(std::string_view name) {
    const auto at = std::find(kNames.begin(), kNames.end(), name);
    if (at == kNames.end()) return std::nullopt;
    return static_cast<FactKind>(at - kNames.begin());
}

}  // namespace alloclens
