// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/term.h"

#include <array>

namespace alloclens::query {
namespace {

constexpr std::array<std::string_view, kFieldCount> kFieldNames = {
    "device", "address", "memory", "pid", "sender", "size", "kind", "cause", "line", "time", "lifecycle", "text"};

}  // namespace

std::string_view fieldName(Field field) { return kFieldNames[static_cast<std::size_t>(field)]; }

std::optional<Field> fieldFromName(std::string_view name) {
    const std::string folded = foldCase(name);
    for (std::size_t i = 0; i < kFieldNames.size(); ++i) {
        if (kFieldNames[i] == folded) return static_cast<Field>(i);
    }
    return std::nullopt;
}

std::string foldCase(std::string_view text) {
    std::string folded(text);
    for (char& c : folded) c = foldCase(c);
    return folded;
}

}  // namespace alloclens::query
