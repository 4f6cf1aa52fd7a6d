// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files that were opened last, newest first, remembered between runs and shared by all windows.
#pragma once

#include <QString>
#include <QStringList>

namespace alloclens {

/// Those that still exist.
[[nodiscard]] QStringList recentFiles();
void rememberRecentFile(const QString& path);
void forgetRecentFiles();

}  // namespace alloclens
