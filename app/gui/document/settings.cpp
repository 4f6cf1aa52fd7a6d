// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/document/settings.h"

#include <QSettings>

#include <memory>

#include "app/gui/jobs/disposal.h"

namespace alloclens {

void storeSetting(const QString& key, const QVariant& value) {
    auto settings = std::make_shared<QSettings>();
    settings->setValue(key, value);
    settings->moveToThread(nullptr);  // so that another thread may end it, which writes the file
    freeInBackground([settings = std::move(settings)]() mutable { settings.reset(); });
}

}  // namespace alloclens
