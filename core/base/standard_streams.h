// SPDX-License-Identifier: GPL-3.0-or-later
//
// The three descriptors that a program starts with. Messages for people go to standard error, which may be closed,
// full, or a pipe that nobody reads any more. Writing a message never fails, never throws and never ends the program.
// Any thread may call these functions.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace alloclens {

/// Opens /dev/null for each closed descriptor of 0, 1 and 2, so that no file that the program opens gets its number.
/// Reading or writing it still fails, as with a closed descriptor. Call it first in main().
void openClosedStandardStreams() noexcept;

/// Whether `descriptor` is open for writing. False for a standard output that was closed when the program started.
[[nodiscard]] bool isOpenForWriting(int descriptor) noexcept;

/// How long to wait for a reader that takes nothing; without a value, for ever.
using Patience = std::optional<std::chrono::milliseconds>;

/// Writes `text` to standard error. Drops what standard error does not take.
void say(std::string_view text, Patience patience = {}) noexcept;

/// Writes a line such as "alloclens-cli: a.log: cannot be opened." Control characters become visible. Newlines stay.
void saySentence(std::string_view program, std::string_view sentence, Patience patience = {}) noexcept;

}  // namespace alloclens
