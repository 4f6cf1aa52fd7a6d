// SPDX-License-Identifier: GPL-3.0-or-later
//
// Guesses the name that somebody meant when they typed another, and lists the names that a filter knows. Pure; any
// thread may call.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alloclens::query {

/// Returns the closest name that differs in at most a third of the letters (or one), or else the first name that begins
/// with `typed`; empty if there is none. Case does not count, '-' and '_' are equal. "doublefree" -> "double-free".
[[nodiscard]] std::string_view closestName(std::string_view typed, std::span<const std::string_view> names);

/// {"DRAM", "L1", "TRACE"} -> "DRAM, L1 or TRACE".
[[nodiscard]] std::string listOfNames(std::span<const std::string_view> names);

/// The values of "memory:", "kind:" and "cause:", and the names of fields, in the order to show them.
[[nodiscard]] std::vector<std::string_view> memoryNames();
[[nodiscard]] std::vector<std::string_view> kindNames();
[[nodiscard]] std::vector<std::string_view> causeNames();
[[nodiscard]] std::vector<std::string_view> fieldNames();

}  // namespace alloclens::query
