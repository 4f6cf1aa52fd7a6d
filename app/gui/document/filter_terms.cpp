// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/document/filter_terms.h"

namespace alloclens {
namespace {

// Words are separated by blanks, but not within "..." or, right behind a colon or comma, /.../.
QStringList wordsOf(const QString& text) {
    QStringList words;
    QString word;
    QChar closing;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (!closing.isNull()) {
            if (c == closing) closing = QChar();
        } else if (c == '"') {
            closing = c;
        } else if (c == '/' && i > 0 && (text[i - 1] == ':' || text[i - 1] == ',')) {
            closing = c;
        } else if (c.isSpace()) {
            if (!word.isEmpty()) words += word;
            word.clear();
            continue;
        }
        word += c;
    }
    if (!word.isEmpty()) words += word;
    return words;
}

bool isTerm(const QString& word, const QString& name) { return word.startsWith(name + ':', Qt::CaseInsensitive); }

}  // namespace

QStringList filterTermValues(const QString& text, const QString& name) {
    QStringList values;
    for (const QString& word : wordsOf(text)) {
        if (isTerm(word, name)) values += word.mid(name.size() + 1).split(',', Qt::SkipEmptyParts);
    }
    return values;
}

QString withFilterTermValues(const QString& text, const QString& name, const QStringList& values) {
    const QString term = values.isEmpty() ? QString() : name + ':' + values.join(',');
    QStringList words;
    bool placed = term.isEmpty();
    for (const QString& word : wordsOf(text)) {
        if (!isTerm(word, name)) {
            words += word;
        } else if (!placed) {
            words += term;
            placed = true;
        }
    }
    if (!placed) words += term;
    return words.join(' ');
}

bool valuesContain(const QStringList& values, const QString& value) {
    for (const QString& candidate : values) {
        if (candidate.compare(value, Qt::CaseInsensitive) == 0) return true;
        const qsizetype dots = candidate.indexOf(QLatin1String(".."));
        if (dots < 0) continue;
        bool isNumber = false;
        const qlonglong number = value.toLongLong(&isNumber);
        if (!isNumber) continue;
        const QString low = candidate.left(dots);
        const QString high = candidate.mid(dots + 2);
        if ((low.isEmpty() || low.toLongLong(nullptr, 0) <= number)
            && (high.isEmpty() || number <= high.toLongLong(nullptr, 0))) {
            return true;
        }
    }
    return false;
}

}  // namespace alloclens
