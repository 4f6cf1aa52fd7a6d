// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which theme the person chose: the system's, light or dark. The choice is remembered between runs and applies to all
// windows at once; windows learn of a change by QEvent::PaletteChange and tint their icons anew.
#pragma once

#include <QString>

#include <optional>

namespace alloclens {

enum class ThemeChoice { System, Light, Dark };

[[nodiscard]] std::optional<ThemeChoice> themeChoiceFromName(const QString& name);
[[nodiscard]] QString themeChoiceName(ThemeChoice choice);

[[nodiscard]] ThemeChoice rememberedThemeChoice();
void rememberThemeChoice(ThemeChoice choice);

/// Sets style, palette and style sheet of the application. The first call must come before any window is made: it
/// looks at the system's palette.
void applyTheme(ThemeChoice choice);

}  // namespace alloclens
