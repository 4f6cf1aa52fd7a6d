// SPDX-License-Identifier: GPL-3.0-or-later
//
// Turns a filter's text into terms, or into the first error with its place in the text.
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "core/query/filter.h"
#include "core/query/term.h"

namespace alloclens::query {

[[nodiscard]] std::variant<std::vector<Term>, FilterError> parseTerms(std::string_view text);

}  // namespace alloclens::query
