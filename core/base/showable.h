// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes text of unknown origin, such as log lines and file names, safe to show. A terminal obeys control characters,
// and direction marks change the order in which people read a text. Any thread may call.
#pragma once

#include <string>
#include <string_view>

namespace alloclens {

/// Returns valid UTF-8 without control characters: ESC becomes "\x1b", a newline "\n", U+202E "\u202e". Invalid bytes
/// become U+FFFD. Tabs stay.
[[nodiscard]] std::string showable(std::string_view text);

/// The same, but newlines stay: for texts of several lines.
[[nodiscard]] std::string showableLines(std::string_view text);

/// The same for JSON that was written already; its value does not change. Characters that JSON allows but a terminal
/// obeys become JSON escapes: DEL becomes \u007f.
[[nodiscard]] std::string showableJson(std::string json);

}  // namespace alloclens
