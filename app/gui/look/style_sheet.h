// SPDX-License-Identifier: GPL-3.0-or-later
//
// The application's style sheet: an even rhythm of four pixels, single lines as separators, no frames around frames.
// Everything else is the palette's business.
#pragma once

#include <QString>

namespace alloclens {

struct Theme;

[[nodiscard]] QString styleSheet(const Theme& theme);

}  // namespace alloclens
