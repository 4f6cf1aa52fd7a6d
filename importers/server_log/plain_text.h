// SPDX-License-Identifier: GPL-3.0-or-later
//
// A line as its words are looked for: without what terminals and truncated files leave in it, and with plain blanks for
// those that pages and word processors put in their place. What terminals understand is ECMA-48: sequences that begin
// with ESC or with a control of 8 bits, strings among them that end with ST or BEL. A string that has no end hides
// nothing of its line.
#pragma once

#include <string>
#include <string_view>

#include "core/base/utf8.h"

namespace alloclens::server_log {

inline constexpr char kEscape = '\x1b';

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
