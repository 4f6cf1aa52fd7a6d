// SPDX-License-Identifier: GPL-3.0-or-later
//
// The whole timeline of a file as a picture, without showing a window: the same document, view state and view that a
// window has.
#pragma once

namespace alloclens {

struct CommandLine;

/// Of the one file that is named there. Gives the exit status; what went wrong stands on stderr.
[[nodiscard]] int writePictureOfFile(const CommandLine& line);

}  // namespace alloclens
