// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lines around what the source panel shows, read from the file by a job, so that the window never waits for a
// disk. Holds a few hundred lines; asking for others replaces them.
#pragma once

#include <QObject>
#include <QString>

#include <cstdint>
#include <memory>
#include <vector>

#include "app/gui/jobs/jobs.h"
#include "core/trace/source_text.h"
#include "core/trace/trace.h"

namespace alloclens {

class SourceLines : public QObject {
    Q_OBJECT
public:
    explicit SourceLines(QObject* parent = nullptr);

    /// Null for none.
    void setTrace(std::shared_ptr<const Trace> trace);
    /// More of the same file: the lines that are held stay until they have been read again.
    void growTrace(std::shared_ptr<const Trace> trace);
    /// Makes sure that these lines are held or on their way; `arrived` follows.
    void want(std::uint32_t first, std::uint32_t count);
    /// The text of a line, or null while it is not held.
    [[nodiscard]] const QString* textOf(std::uint32_t line) const;
    /// Why the lines cannot be read; empty if they can.
    [[nodiscard]] const QString& problem() const { return m_problem; }

signals:
    void arrived();

private:
    std::shared_ptr<const Trace> m_trace;
    std::uint32_t m_first = 0;
    std::vector<QString> m_texts;
    std::uint32_t m_wantedFirst = 0;
    std::uint32_t m_wantedEnd = 0;
    QString m_problem;
    Job m_job;
};

/// A line as it can be painted: tabs as blanks, control characters as their pictures.
[[nodiscard]] QString displayText(const std::string& bytes);

}  // namespace alloclens
