// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/document.h"

#include <QFile>

#include <optional>
#include <string>

#include "importers/importer.h"

namespace alloclens {

Document::Document(QObject* parent) : QObject(parent) {
    connect(&m_load, &Job::progressed, this, &Document::loadProgressed);
    connect(&m_load, &Job::finished, this, &Document::loadFinished);
}

void Document::open(const QString& path) {
    emit loadStarted(path);
    using Loaded = std::shared_ptr<const Analysis>;
    const std::string file = QFile::encodeName(path).toStdString();
    m_load.start(
        [file](const TaskContext& task) -> Result<Loaded> {
            auto trace = readTrace(file, {}, {}, task);
            if (!trace) return trace.error();
            return analyse(std::move(*trace), task);
        },
        [this, path](Result<Loaded> outcome) {
            if (!outcome) {
                emit failed(outcome.error());
                return;
            }
            m_filter.cancel();
            m_analysis = std::move(*outcome);
            m_path = path;
            emit loaded(m_analysis);
        });
}

void Document::cancel() { m_load.cancel(); }

void Document::close() {
    m_load.cancel();
    m_filter.cancel();
    m_analysis.reset();
    m_path.clear();
}

void Document::evaluateFilter(const QString& text) {
    m_filter.cancel();
    if (!m_analysis) return;
    FilterError wrong;
    const std::string bytes = text.toStdString();
    const std::optional<Filter> filter = Filter::parse(bytes, wrong);
    if (!filter) {
        emit filterFailed({ErrorKind::Usage, wrong.message, bytes, "Expected: " + wrong.expected + '.'});
        return;
    }
    if (filter->isEmpty()) {
        emit filterEvaluated({});
        return;
    }
    using Evaluated = std::shared_ptr<const FilterResult>;
    m_filter.start(
        [analysis = m_analysis, filter = *filter](const TaskContext& task) -> Result<Evaluated> {
            auto result = applyFilter(*analysis, filter, task);
            if (!result) return result.error();
            return Evaluated(std::make_shared<const FilterResult>(std::move(*result)));
        },
        [this](Result<Evaluated> outcome) {
            if (outcome) {
                emit filterEvaluated(*outcome);
            } else {
                emit filterFailed(outcome.error());
            }
        });
}

}  // namespace alloclens
