// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes to standard error for a program that has to go on whatever becomes of it: a terminal that was closed, a full
// disk, or a pipe that nobody reads neither ends the program nor holds it up. Free functions, for any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace alloclens::cli {

/// Waits so long, at most, for a reader that takes nothing; what it did not take then is left out.
void sayWithin(std::string_view text, std::chrono::milliseconds patience);

/// A line "alloclens-cli: ..." for a person, who is waited for a moment.
void tell(const std::string& sentence);

}  // namespace alloclens::cli
