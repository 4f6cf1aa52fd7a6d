// SPDX-License-Identifier: GPL-3.0-or-later
//
// The selection in a line, as the status line shows it and Edit > Copy takes it.
#pragma once

#include <QString>

#include "app/gui/document/selection.h"

namespace alloclens {

/// "device 4 0x296dd000·g1 · event 14,012 · line 15,261"; empty for an empty selection.
[[nodiscard]] QString selectionText(const Analysis& analysis, const Selection& selection);

}  // namespace alloclens
