// SPDX-License-Identifier: GPL-3.0-or-later
//
// What came out: a row for each phase, as an aligned table for people or as JSON for scripts.
#pragma once

#include <QJsonObject>
#include <QString>

#include <utility>
#include <vector>

#include "tests/bench/gui/samples.h"

namespace alloclens::bench {

/// One thing that was done, as a rule many times. All in milliseconds.
struct Phase {
    QString name;
    Samples steps;  ///< from the input to what it shows
    Samples exact;  ///< from the input to the exact picture, or to all that goes with it, where that may come later
    Samples waits;  ///< of the event loop meanwhile
};

class Report {
public:
    /// Above this the event loop counts as blocked.
    static constexpr double kBlockMilliseconds = 50;

    void add(Phase phase) { m_phases.push_back(std::move(phase)); }
    /// A line of the heading: "file", "window" ...
    void describe(const QString& what, const QString& value) { m_facts.emplace_back(what, value); }

    [[nodiscard]] QString table() const;
    [[nodiscard]] QJsonObject json() const;

private:
    std::vector<std::pair<QString, QString>> m_facts;
    std::vector<Phase> m_phases;
};

}  // namespace alloclens::bench
