// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of a filter and the places of their parts, found without judging them: any text has words, and what is
// wrong with them is the parser's business. Completion needs the same places in a text that is still being typed.
//
//     filter = { space } [ term { space term } { space } ]
//     term   = [ "-" ] [ field ":" ] value { "," value }
//     field  = letters up to the colon
//     value  = '"' text '"' | "/" expression "/" (lifecycle only) | bytes up to a comma or a space
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace alloclens::query {

enum class ValueForm { Bare, Quoted, Expression };

struct ValueToken {
    ValueForm form = ValueForm::Bare;
    std::size_t column = 0;      ///< where it begins, with its quote or slash
    std::size_t end = 0;         ///< behind its last byte, quote or slash
    std::size_t textColumn = 0;  ///< where `text` begins
    bool isClosed = true;        ///< false where the closing quote or slash is missing
    std::size_t strayEnd = 0;    ///< bytes [end, strayEnd) follow the closing quote or slash without a comma or space
    std::string text;            ///< without quotes or slashes; \" and \\ in quotes resolved
};

struct TermToken {
    std::size_t column = 0;
    std::size_t end = 0;
    bool isNegated = false;
    bool hasField = false;        ///< there is a colon
    std::size_t fieldColumn = 0;  ///< behind the '-'; the first value begins here where there is no field
    std::string_view field;       ///< into the text that was given
    std::vector<ValueToken> values;
};

[[nodiscard]] std::vector<TermToken> lexFilter(std::string_view text);
[[nodiscard]] bool isFilterSpace(char c);

}  // namespace alloclens::query
