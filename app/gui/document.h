// SPDX-License-Identifier: GPL-3.0-or-later
//
// One open file: where it lies, its analysis once loaded, and the filter evaluations over it. Loading and filtering
// run as jobs; what was open stays open until the new file has loaded. Lives on the GUI thread, never blocks it, and
// may be destroyed while work is running.
#pragma once

#include <QObject>
#include <QString>

#include <memory>

#include "app/gui/jobs.h"
#include "core/analysis/analysis.h"
#include "core/query/filter.h"

namespace alloclens {

class Document : public QObject {
    Q_OBJECT
public:
    explicit Document(QObject* parent = nullptr);

    /// Null while nothing is open.
    [[nodiscard]] const std::shared_ptr<const Analysis>& analysis() const { return m_analysis; }
    /// Of what is open, not of what is being loaded; empty while nothing is.
    [[nodiscard]] const QString& path() const { return m_path; }
    [[nodiscard]] bool isLoading() const { return m_load.isRunning(); }

    /// Reads and analyses a file; loaded() or failed() follows unless it is cancelled.
    void open(const QString& path);
    void cancel();
    void close();

    /// Evaluates a filter over what is open; filterEvaluated() or filterFailed() follows for the newest text only.
    /// The empty filter gives null at once.
    void evaluateFilter(const QString& text);

signals:
    void loadStarted(const QString& path);
    void loadProgressed(const QString& stage, double fraction);
    void loadFinished();  ///< loaded, failed or cancelled
    void loaded(const std::shared_ptr<const Analysis>& analysis);
    void failed(const Error& error);
    void filterEvaluated(const std::shared_ptr<const FilterResult>& result);
    void filterFailed(const Error& error);

private:
    std::shared_ptr<const Analysis> m_analysis;
    QString m_path;
    Job m_load;
    Job m_filter;
};

}  // namespace alloclens
