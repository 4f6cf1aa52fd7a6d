// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/samples.h"

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

}  // namespace alloclens
