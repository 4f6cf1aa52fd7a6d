// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/document/recent_files.h"

#include <QFileInfo>
#include <QSettings>

#include <algorithm>

#include "app/gui/document/settings.h"

namespace alloclens {
namespace {

constexpr auto kKey = "files/recent";
constexpr qsizetype kMost = 10;

}  // namespace

QStringList recentFiles() {
    QStringList files = QSettings().value(kKey).toStringList();
    files.removeIf([](const QString& path) { return !QFileInfo::exists(path); });
    return files;
}

void rememberRecentFile(const QString& path) {
    QStringList files = QSettings().value(kKey).toStringList();
    const QString absolute = QFileInfo(path).absoluteFilePath();
    files.removeAll(absolute);
    files.prepend(absolute);
    storeSetting(kKey, QStringList(files.mid(0, std::min(kMost, files.size()))));
}

void forgetRecentFiles() { QSettings().remove(kKey); }

}  // namespace alloclens
