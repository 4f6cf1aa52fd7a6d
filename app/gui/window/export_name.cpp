// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/export_name.h"

#include <QFileInfo>

namespace alloclens {
namespace {

constexpr qsizetype kLongestFilter = 80;

QString nameLetters(QChar c) {
    const ushort code = c.unicode();
    if (code < 128 && (c.isLetterOrNumber() || QStringLiteral("-_.,+=").contains(c))) return c;
    switch (code) {
    case ':': return QStringLiteral("=");
    case ' ': return QStringLiteral("_");
    case '>': return QStringLiteral("above");
    case '<': return QStringLiteral("below");
    case '"': return {};
    default: return QStringLiteral("~");
    }
}

}  // namespace

QString exportName(const QString& sourcePath, const QString& filter, const QString& suffix) {
    QString name = QFileInfo(sourcePath).completeBaseName();
    QString letters;
    for (const QChar c : filter.simplified()) letters += nameLetters(c);
    if (letters.size() > kLongestFilter) letters = letters.left(kLongestFilter) + '~';
    if (!letters.isEmpty()) name += '.' + letters;
    return name + '.' + suffix;
}

}  // namespace alloclens
