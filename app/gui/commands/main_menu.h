// SPDX-License-Identifier: GPL-3.0-or-later
//
// The menu bar: which command stands where. "Open recent" is filled when it is shown.
#pragma once

#include <QString>

#include <functional>

#include "app/gui/commands/commands.h"

class QMenuBar;

namespace alloclens {

/// `openAs` is told the name and title of the format that was chosen.
void fillMenuBar(QMenuBar& bar, const Commands& commands, const std::function<void(const QString&)>& openFile,
                 const std::function<void(const QString& format, const QString& title)>& openAs);

}  // namespace alloclens
