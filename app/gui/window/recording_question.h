// SPDX-License-Identifier: GPL-3.0-or-later
//
// Asks what becomes of a recording when its window is to be closed or is to show another file. Does not block: the
// answer comes by a call, and none comes where the user cancels. One question at a time for each window.
#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace alloclens {

/// Calls `stopped` if the recording is to end with the window.
void askBeforeClosing(QWidget& window, const QString& trace, const std::function<void()>& stopped);
/// Calls `go` if another file is to be shown; `isKept` says whether the recording goes on.
void askBeforeLeaving(QWidget& window, const QString& trace, const std::function<void(bool isKept)>& go);

}  // namespace alloclens
