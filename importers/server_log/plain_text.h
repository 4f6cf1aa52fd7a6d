// SPDX-License-Identifier: GPL-3.0-or-later
//
// Prepares a line for the search for words: removes NUL bytes and terminal sequences, and replaces no-break and wide
// blanks by plain ones. Terminal sequences follow ECMA-48: they begin with ESC or an 8-bit control. Some of them are
// strings that end with ST or BEL; a string without an end hides nothing of its line.
#pragma once

#include <string>
#include <string_view>

#include "core/base/utf8.h"

namespace alloclens::server_log {

inline constexpr char kEscape = '\x1b';

/// The first place from `at` on of a byte that is more than itself: of none but printable ASCII without the backslash
/// nothing has to be removed, replaced or taken for a line end. Eight bytes a step.
[[nodiscard]] std::size_t plainEnd(std::string_view text, std::size_t at);

/// Whether copyPlain would change the text.
[[nodiscard]] bool holdsControls(std::string_view text);

/// Copies `line` without NUL bytes and terminal sequences, and with plain blanks.
void copyPlain(std::string_view line, std::string& plain);

/// So much of a line as its diagnostic shows.
[[nodiscard]] inline std::string excerptOf(std::string_view text) {
    constexpr std::size_t kMost = 160;
    return toValidUtf8(text.substr(0, kMost));
}

}  // namespace alloclens::server_log
