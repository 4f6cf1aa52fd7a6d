// SPDX-License-Identifier: GPL-3.0-or-later
//
// The name that somebody probably meant who typed another.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alloclens::query {

/// The name closest to `typed`: at most a third of its letters differ (edit distance; upper and lower case, '-' and '_'
/// are alike), or else the first name that begins with it. Empty where none is close.
[[nodiscard]] std::string_view closestName(std::string_view typed, std::span<const std::string_view> names);

/// "DRAM, L1 or TRACE".
[[nodiscard]] std::string listOfNames(std::span<const std::string_view> names);

/// All that may follow "memory:", "kind:" and "cause:", in the order in which to show them.
[[nodiscard]] std::vector<std::string_view> memoryNames();
[[nodiscard]] std::vector<std::string_view> kindNames();
[[nodiscard]] std::vector<std::string_view> causeNames();
[[nodiscard]] std::vector<std::string_view> fieldNames();

}  // namespace alloclens::query
