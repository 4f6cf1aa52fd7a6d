// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where one part of a rotated log ends and the next begins: whether a line was cut there. A few reads.
#pragma once

#include "importers/input.h"

namespace alloclens {

enum class Seam {
    Clean,    ///< the first part ends with the end of a line
    Cut,      ///< the end of the first and the beginning of the second are one line
    Unended,  ///< the last line of the first part lacks its end, such as after a server that was killed
};

[[nodiscard]] Seam seamBetween(const Input& first, const Input& second);

/// Whether a part begins with the end of an event's line.
[[nodiscard]] bool beginsInsideLine(const Input& part);

}  // namespace alloclens
