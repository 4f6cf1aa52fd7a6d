// SPDX-License-Identifier: GPL-3.0-or-later
//
// The three descriptors that a program starts with. What it says to people goes to standard error, which may be closed,
// full, or a pipe that nobody reads any more: saying something never fails, never throws and never ends the program.
// All functions may be called from any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace alloclens {

/// Opens /dev/null for each of the descriptors 0, 1 and 2 that is closed, so that no file gets its number. Reading from
/// or writing to it still fails as it does with a closed descriptor. The first thing that main() does.
void openClosedStandardStreams() noexcept;

/// Whether somebody opened `descriptor` for writing before the program started.
[[nodiscard]] bool isOpenForWriting(int descriptor) noexcept;

/// How long saying something waits for a reader that takes nothing; without it, as long as it takes.
using Patience = std::optional<std::chrono::milliseconds>;

/// Writes `text` to standard error as it is. Leaves out what standard error does not take.
void say(std::string_view text, Patience patience = {}) noexcept;

/// "alloclens-cli: " and the sentence, in a line of its own and with control characters made visible.
void saySentence(std::string_view program, std::string_view sentence, Patience patience = {}) noexcept;

}  // namespace alloclens
