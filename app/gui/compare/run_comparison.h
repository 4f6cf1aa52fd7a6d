// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a second run, analyses it and compares it with the one that is open, in the background. Lives on the GUI
// thread and never blocks it. Starting anew or cancelling drops what is under way.
#pragma once

#include <QObject>
#include <QString>

#include "app/gui/compare/compared_runs.h"
#include "app/gui/jobs/jobs.h"

namespace alloclens {

class RunComparison : public QObject {
    Q_OBJECT
public:
    using Compared = std::shared_ptr<const ComparedRuns>;

    explicit RunComparison(QObject* parent = nullptr);

    /// The file at `path` is the later run. compared() or failed() follows unless it is cancelled.
    /// `isOrderGuessed`: nobody said that it is the later one; compared() gives that back.
    void start(std::shared_ptr<const Analysis> before, const QString& path, bool isOrderGuessed);
    /// The same two runs the other way round.
    void swap(const Compared& compared);
    void cancel() { m_job.cancel(); }
    [[nodiscard]] bool isRunning() const { return m_job.isRunning(); }

signals:
    void started(const QString& path);
    void progressed(const QString& stage, double fraction);
    void finished();  ///< compared, failed or cancelled
    void compared(const std::shared_ptr<const ComparedRuns>& compared, bool isOrderGuessed);
    void failed(const Error& error);

private:
    void take(const Result<Compared>& outcome, bool isOrderGuessed);

    Job m_job;
};

}  // namespace alloclens
