// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/ledger/ledger_words.h"

#include <QObject>
#include <QStringList>

#include <algorithm>

#include "app/gui/look/words.h"

namespace alloclens {
namespace {

constexpr QLatin1String kScheme("line:");

QString lineLink(std::uint32_t line, const Theme& theme) {
    return QStringLiteral("<a href=\"%1%2\" style=\"color:%3\">%4</a>")
        .arg(kScheme)
        .arg(line)
        .arg(theme.accent.name(), countText(line));
}

QString gradeHtml(const Ledger& ledger, bool isPart) {
    QString grade = toQString(gradeName(ledger.grade));
    grade[0] = grade[0].toUpper();
    if (isPart) grade += QObject::tr(" so far");
    return QStringLiteral(
               "<p style=\"margin:0\"><span style=\"font-size:large;font-weight:600\">%1</span>&nbsp;&nbsp; %2</p>")
        .arg(grade, toQString(gradeMeaning(ledger.grade)).toHtmlEscaped());
}

// The first divergence, and where lines are missing.
QString placesHtml(const Ledger& ledger, const Theme& theme) {
    QString html;
    if (const auto& first = ledger.firstDivergence) {
        const QString place = first->line == 0 ? QObject::tr("the log as a whole")
                                               : QObject::tr("line %1").arg(lineLink(first->line, theme));
        html += QObject::tr("<p style=\"margin:4px 0 0 0\">First divergence: %1: %2</p>")
                    .arg(place, toQString(first->what).toHtmlEscaped());
    }
    if (ledger.gapLines.empty()) return html;
    constexpr std::size_t kNamed = 6;
    QStringList lines;
    const std::size_t named = std::min(kNamed, ledger.gapLines.size());
    for (std::size_t i = 0; i < named; ++i) lines += lineLink(ledger.gapLines[i], theme);
    QString text = lines.join(QStringLiteral(", "));
    if (named < ledger.gapLines.size()) text += QObject::tr(" and others");
    const QString words = ledger.gapLines.size() == 1 ? QObject::tr("Something is missing at or before line %1")
                                                      : QObject::tr("Something is missing at or before lines %1");
    return html + QStringLiteral("<p style=\"margin:4px 0 0 0\">%1</p>").arg(words.arg(text));
}

QString sumsText(const Ledger& ledger) {
    if (ledger.sums == 0) return QObject::tr("the log prints no sums");
    const QString sums = QObject::tr("%1 printed, the last at line %2")
                             .arg(quantityText(ledger.sums, "sum"), countText(ledger.lastSumLine));
    if (ledger.eventsBehindLastSum == 0) return sums;
    return QObject::tr("%1, %2 after it").arg(sums, quantityText(ledger.eventsBehindLastSum, "event"));
}

QString countsText(const Ledger& ledger) {
    QStringList parts = {QObject::tr("%1 agree").arg(quantityText(ledger.allPassed(), "number"))};
    if (ledger.allFailed() > 0) parts += QObject::tr("%1 do not").arg(countText(ledger.allFailed()));
    if (ledger.damaged > 0) parts += QObject::tr("%1 unreadable").arg(quantityText(ledger.damaged, "place"));
    parts += sumsText(ledger);
    return parts.join(QStringLiteral(" · "));
}

}  // namespace

QString ledgerHtml(const Ledger& ledger, bool isPart, const Theme& theme) {
    return gradeHtml(ledger, isPart) + placesHtml(ledger, theme)
           + QStringLiteral("<p style=\"margin:4px 0 0 0;color:%1\">%2</p>")
                 .arg(theme.mutedText.name(), countsText(ledger));
}

QString ledgerTip(const Ledger& ledger) {
    QString tip = toQString(gradeMeaning(ledger.grade));
    if (const auto& first = ledger.firstDivergence) {
        const QString place = first->line == 0 ? QObject::tr("the log as a whole")
                                               : QObject::tr("line %1").arg(countText(first->line));
        tip += QObject::tr("\nFirst divergence: %1: %2").arg(place, toQString(first->what));
    }
    return tip + QObject::tr("\nClick to see every check.");
}

std::uint32_t lineOfLink(const QString& link) {
    return link.startsWith(kScheme) ? link.mid(kScheme.size()).toUInt() : 0;
}

}  // namespace alloclens
