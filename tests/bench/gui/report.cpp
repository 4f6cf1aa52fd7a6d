// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/gui/report.h"

#include <QJsonArray>
#include <QStringList>

#include <algorithm>

namespace alloclens::bench {
namespace {

QString number(double milliseconds) {
    constexpr double kOneDecimalFrom = 100;
    return QString::number(milliseconds, 'f', milliseconds < kOneDecimalFrom ? 2 : 1);
}

QStringList rowOf(const Phase& phase) {
    QStringList row{phase.name};
    if (phase.steps.isEmpty()) {
        row << ""
            << ""
            << ""
            << ""
            << "";
    } else {
        row << QString::number(phase.steps.count()) << number(phase.steps.percentile(0.5))
            << number(phase.steps.percentile(0.9)) << number(phase.steps.percentile(0.99))
            << number(phase.steps.maximum());
    }
    if (phase.exact.isEmpty()) {
        row << ""
            << "";
    } else {
        row << number(phase.exact.percentile(0.5)) << number(phase.exact.maximum());
    }
    row << QString::number(phase.waits.countAbove(Report::kBlockMilliseconds)) << number(phase.waits.maximum())
        << number(phase.waits.percentile(0.99));
    return row;
}

QJsonObject jsonOf(const Samples& samples) {
    return {{"count", static_cast<qint64>(samples.count())},
            {"median", samples.percentile(0.5)},
            {"p90", samples.percentile(0.9)},
            {"p99", samples.percentile(0.99)},
            {"max", samples.maximum()}};
}

}  // namespace

QString Report::table() const {
    QString text;
    for (const auto& [what, value] : m_facts) text += what.leftJustified(12) + value + '\n';
    text += "All times in milliseconds. blocks: how often the event loop kept an event waiting for more than "
            + QString::number(kBlockMilliseconds) + ".\n\n";
    std::vector<QStringList> rows{
        {"", "n", "median", "90 %", "99 %", "max", "exact", "exact max", "blocks", "longest", "wait 99 %"}};
    for (const Phase& phase : m_phases) rows.push_back(rowOf(phase));
    std::vector<qsizetype> widths(static_cast<std::size_t>(rows.front().size()), 0);
    for (const QStringList& row : rows) {
        for (qsizetype i = 0; i < row.size(); ++i) {
            auto& width = widths[static_cast<std::size_t>(i)];
            width = std::max(width, row[i].size());
        }
    }
    for (const QStringList& row : rows) {
        QString line = row.front().leftJustified(widths.front());
        for (qsizetype i = 1; i < row.size(); ++i) {
            line += "  " + row[i].rightJustified(widths[static_cast<std::size_t>(i)]);
        }
        text += line + '\n';
    }
    return text;
}

QJsonObject Report::json() const {
    QJsonObject facts;
    for (const auto& [what, value] : m_facts) facts.insert(what, value);
    QJsonArray phases;
    for (const Phase& phase : m_phases) {
        QJsonObject entry{{"name", phase.name}};
        if (!phase.steps.isEmpty()) entry.insert("steps", jsonOf(phase.steps));
        if (!phase.exact.isEmpty()) entry.insert("exact", jsonOf(phase.exact));
        QJsonObject waits = jsonOf(phase.waits);
        waits.insert("blocks", static_cast<qint64>(phase.waits.countAbove(kBlockMilliseconds)));
        entry.insert("waits", waits);
        phases.append(entry);
    }
    return {{"facts", facts}, {"phases", phases}};
}

}  // namespace alloclens::bench
