// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where one part of a rotated log ends and the next begins, and whether a line was cut there. Costs a few reads; pure.
//
//     end of the first part                      begin of the second
//     ✗ [PID 7] Freed buffer 4096 on dev...\n    anything                              Clean
//     ✗ [PID 7] Freed buffer 40                  96 on device 3 (512 bytes, FINAL)\n   Cut
//     ✗ [PID 7] Freed buffer 40                  ✓ [PID 8] Allocated 512 bytes ...\n   Unended
#pragma once

#include "importers/input.h"

namespace alloclens {

enum class Seam {
    Clean,    ///< the first part ends with a newline
    Cut,      ///< the end of the first and the begin of the second part are one line
    Unended,  ///< the first part's last line is incomplete, as after a killed server
};

[[nodiscard]] Seam seamBetween(const Input& first, const Input& second);

/// Whether a part begins with the rest of an event's line.
[[nodiscard]] bool beginsInsideLine(const Input& part);

}  // namespace alloclens
