// SPDX-License-Identifier: GPL-3.0-or-later
//
// Turns a filter's text into terms, or into its first error. Pure; any thread may call.
//
//     size:>1MiB -device:0  ->  {Size, [1048577, max]} and negated {Device, [0, 0]}
//     memory:purple         ->  error at column 7, length 6: 'purple' is no memory
//     0x296dd000            ->  {Address, [0x296dd000, 0x296dd000]}: six digits or more without a field are an address
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "core/query/filter.h"
#include "core/query/term.h"

namespace alloclens::query {

/// Returns all terms, in their order, or the first error.
[[nodiscard]] std::variant<std::vector<Term>, FilterError> parseTerms(std::string_view text);

}  // namespace alloclens::query
