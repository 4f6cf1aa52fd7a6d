// SPDX-License-Identifier: GPL-3.0-or-later
//
// Remembers between runs what the window looked like. What is stored can be read back at once; the file is written on
// another thread, since that waits for the disk.
#pragma once

#include <QString>
#include <QVariant>

namespace alloclens {

void storeSetting(const QString& key, const QVariant& value);

}  // namespace alloclens
