// SPDX-License-Identifier: GPL-3.0-or-later
//
// Splits a filter into words and their parts. It accepts any text; the parser finds what is wrong. Completion uses it
// too, on a text that is still being typed.
//
//     filter = { space } [ term { space term } { space } ]
//     term   = [ "-" ] [ field ":" ] value { "," value }
//     field  = letters up to the colon
//     value  = '"' text '"' | "/" expression "/" (lifecycle only) | bytes up to a comma or a space
//
//     -kind:leak,"double free"  ->  negated, field "kind", values "leak" (Bare) and "double free" (Quoted)
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace alloclens::query {

enum class ValueForm { Bare, Quoted, Expression };

struct ValueToken {
    ValueForm form = ValueForm::Bare;
    std::size_t column = 0;      ///< its first byte, quote or slash
    std::size_t end = 0;         ///< after its last byte, quote or slash
    std::size_t textColumn = 0;  ///< where `text` begins
    bool isClosed = true;        ///< false if the closing quote or slash is missing
    std::size_t strayEnd = 0;    ///< bytes [end, strayEnd) follow the closing quote or slash without a comma or space
    std::string text;            ///< without quotes or slashes; \" and \\ in quotes resolved
};

struct TermToken {
    std::size_t column = 0;
    std::size_t end = 0;
    bool isNegated = false;
    bool hasField = false;        ///< a colon follows the field
    std::size_t fieldColumn = 0;  ///< after the '-'; without a field the first value begins here
    std::string_view field;       ///< points into the text that was passed
    std::vector<ValueToken> values;
};

/// Linear. The tokens point into `text`, which must outlive them.
[[nodiscard]] std::vector<TermToken> lexFilter(std::string_view text);
[[nodiscard]] bool isFilterSpace(char c);

}  // namespace alloclens::query
