// SPDX-License-Identifier: GPL-3.0-or-later
//
// The colours of the window, light and dark, with the same meanings in both. Memories are of the Okabe-Ito set, which
// colour-blind people can tell apart; vermilion is kept for refused frees and nothing else, with two quieter colours
// for those that are no bugs of the program or may be none; one accent for the selection. Text has a contrast of at
// least 4.5 against its ground.
#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>

#include <array>

#include "core/trace/event.h"

namespace alloclens {

struct Theme {
    bool isDark = false;
    QColor window;     ///< ground of panels and tool bars
    QColor base;       ///< ground of the timeline, tables and texts
    QColor alternate;  ///< every second lane
    QColor text;
    QColor mutedText;                         ///< secondary text, contrast still >= 4.5
    QColor line;                              ///< separators and grid
    QColor accent;                            ///< the selection
    QColor refusedFree;                       ///< vermilion: refused frees that are bugs of the program
    QColor undetermined;                      ///< refused frees whose cause is not decided
    QColor trackingArtefact;                  ///< refused frees that come from the tracking
    std::array<QColor, 4> lacking;            ///< events that a device of a mesh lacks, more and more of them
    std::array<QColor, 4> surplus;            ///< events that it has too many; told apart from `lacking` by every eye
    std::array<QColor, kMemoryCount> memory;  ///< odd generations, by Memory
    std::array<QColor, kMemoryCount> memoryShade;  ///< even generations

    [[nodiscard]] static const Theme& light();
    [[nodiscard]] static const Theme& dark();
    /// The theme in force: dark if the application's palette is.
    [[nodiscard]] static const Theme& current();

    [[nodiscard]] QPalette palette() const;
    /// The icon resources/icons/<name>.svg in this theme's text colour, with a muted disabled state.
    [[nodiscard]] QIcon icon(const QString& name) const;
};

}  // namespace alloclens
