// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a line holds several texts of the server: between what some programs take for a line end and others do not, and
// where a string with line ends was written as one line. Also where a line that is too long may be cut, and what a line
// says of others that it stands for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace alloclens::server_log {

struct TextBreak {
    std::size_t at = 0;
    std::size_t length = 0;  ///< 0: there is none
};

/// The next one from `from` on: a carriage return within the text, VT, FF, U+0085, U+2028, U+2029, or the two
/// characters \n of a quoted string. In a list, such as ["Device 0:", "    Buffers: 3"], also the end of a string.
[[nodiscard]] TextBreak nextBreak(std::string_view text, std::size_t from, bool isList = false);

/// Whether a line is a list of several texts, as a program prints its array of lines: it holds more than one event.
[[nodiscard]] bool looksLikeList(std::string_view text);

/// Where the piece, which is the beginning of a longer line, may be cut so that no event is: more than 0.
[[nodiscard]] std::size_t safeCut(std::string_view piece);

/// How often the event behind this text happened, as "message repeated 4 times: [ " says; 1 for other text.
[[nodiscard]] std::uint64_t repeatsBefore(std::string_view before);

/// "last message repeated 4 times".
[[nodiscard]] bool saysRepeated(std::string_view text);

}  // namespace alloclens::server_log
