// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/document/samples.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace alloclens {

QString samplesFolder() {
    const QString installed = QDir::cleanPath(QCoreApplication::applicationDirPath() + "/../share/alloclens/samples");
    for (const QString& folder : {installed, QStringLiteral(ALLOCLENS_SAMPLES_DIR)}) {
        if (QFileInfo(folder).isDir()) return folder;
    }
    return {};
}

QString sampleLog() {
    const QString folder = samplesFolder();
    const QString path = folder + "/reference.log";
    return !folder.isEmpty() && QFileInfo::exists(path) ? path : QString();
}

QStringList sampleLogs() {
    const QString folder = samplesFolder();
    if (folder.isEmpty()) return {};
    const QString first = sampleLog();
    QStringList logs = first.isEmpty() ? QStringList() : QStringList{first};
    for (const QFileInfo& file : QDir(folder).entryInfoList({QStringLiteral("*.log")}, QDir::Files, QDir::Name)) {
        if (file.filePath() != first) logs += file.filePath();
    }
    return logs;
}

}  // namespace alloclens
