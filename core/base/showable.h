// SPDX-License-Identifier: GPL-3.0-or-later
//
// Text of unknown origin, such as lines of a log and names of files, made safe to show. A terminal obeys control
// characters, and controls of writing direction make text read differently than it is.
#pragma once

#include <string>
#include <string_view>

namespace alloclens {

/// Valid UTF-8 without control characters: ESC becomes "\x1b", a newline "\n", U+202E "\u202e". Invalid bytes become
/// U+FFFD. Tabs stay.
[[nodiscard]] std::string showable(std::string_view text);

/// The same, and newlines stay: for texts that have several lines.
[[nodiscard]] std::string showableLines(std::string_view text);

/// The same of written JSON, which stays the same value: what it may hold as it is but a terminal obeys becomes an
/// escape of JSON.
[[nodiscard]] std::string showableJson(std::string json);

}  // namespace alloclens
