// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/compare/run_comparison.h"

#include <QFile>

#include "app/gui/jobs/disposal.h"
#include "importers/importer.h"

namespace alloclens {

RunComparison::RunComparison(QObject* parent) : QObject(parent) {
    connect(&m_job, &Job::progressed, this, &RunComparison::progressed);
    connect(&m_job, &Job::finished, this, &RunComparison::finished);
}

void RunComparison::start(std::shared_ptr<const Analysis> before, const QString& path, bool isOrderGuessed) {
    const QString wanted = path;
    m_job.start(
        [before = std::move(before),
         file = QFile::encodeName(wanted).toStdString()](const TaskContext& task) -> Result<Compared> {
            auto trace = readTrace(file, {}, {}, task);
            if (!trace) return trace.error();
            auto after = analyse(std::move(*trace), task);
            if (!after) return after.error();
            return compareAnalyses(before, freedInBackground(std::move(*after)), task);
        },
        [this, isOrderGuessed](const Result<Compared>& outcome) { take(outcome, isOrderGuessed); });
    emit started(wanted);
}

void RunComparison::swap(const Compared& compared) {
    m_job.start(
        [compared](const TaskContext& task) { return compareAnalyses(compared->runs[1], compared->runs[0], task); },
        [this](const Result<Compared>& outcome) { take(outcome, false); });
}

void RunComparison::take(const Result<Compared>& outcome, bool isOrderGuessed) {
    if (outcome) {
        emit compared(*outcome, isOrderGuessed);
    } else {
        emit failed(outcome.error());
    }
}

}  // namespace alloclens
