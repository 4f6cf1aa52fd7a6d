// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the command line asks for. Help and version are answered before Qt looks for a display, so that they work
// without one.
#pragma once

#include <QSize>
#include <QString>
#include <QStringList>

#include <optional>

#include "app/gui/window/theme_choice.h"

namespace alloclens {

inline constexpr int kWrongCommandLine = 2;
inline constexpr int kCannotRead = 3;

struct CommandLine {
    QStringList files;
    bool follows = false;   ///< the files are shown as they are written
    QString picture;        ///< where to write the timeline; empty opens windows
    QSize size{1600, 900};  ///< of the picture, in points of the screen, as letters are
    double scale = 1;       ///< pixels of a PNG for each of them
    std::optional<ThemeChoice> theme;
    QString problem;  ///< why the command line is wrong; empty if it is not
};

/// `arguments` with the program's name first, as QApplication leaves them.
[[nodiscard]] CommandLine parseCommandLine(const QStringList& arguments);

/// Prints help or version if the command line asks for them, and gives the exit status.
[[nodiscard]] std::optional<int> answerWithoutDisplay(int argc, const char* const* argv);

}  // namespace alloclens
