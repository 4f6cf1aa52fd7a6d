// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/term.h"

#include <algorithm>
#include <array>

namespace alloclens::query {
namespace {

constexpr std::array<std::string_view, kPlainFieldCount> kFieldNames = {
    "device", "address", "memory", "pid", "sender", "size", "kind", "cause", "line", "time", "lifecycle", "text"};

}  // namespace

std::string_view fieldName(Field field) {
    if (const auto attribute = attributeOf(field)) return attributeInfo(*attribute).name;
    return kFieldNames[static_cast<std::size_t>(field)];
}

std::optional<Field> fieldFromName(std::string_view name) {
    const std::string folded = foldCase(name);
    for (int i = 0; i < kFieldCount; ++i) {
        if (fieldName(static_cast<Field>(i)) == folded) return static_cast<Field>(i);
    }
    return std::nullopt;
}

bool TextValues::match(std::string_view text) const {
    const std::string folded = foldCase(text);
    return std::any_of(needles.begin(), needles.end(),
                       [&folded](const std::string& needle) { return folded.find(needle) != std::string::npos; });
}

std::string foldCase(std::string_view text) {
    std::string folded(text);
    for (char& c : folded) c = foldCase(c);
    return folded;
}

}  // namespace alloclens::query
