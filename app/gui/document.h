// SPDX-License-Identifier: GPL-3.0-or-later
//
// One open file: where it lies, its analysis, and the filter evaluations over it. Loading and filtering run as jobs.
// What was open stays open until the new file has loaded or, if that takes a while, until a first part of it has been
// read and analysed: then the parts are what is open, each larger than the one before, until the whole file takes their
// place. A file that cannot be read to its end, or is cancelled before, leaves nothing half open: what was open before
// it is open again. Lives on the GUI thread, never blocks it, and may be destroyed while work is running.
#pragma once

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/gui/jobs.h"
#include "core/analysis/analysis.h"
#include "core/query/filter.h"
#include "importers/importer.h"

namespace alloclens {

class Document : public QObject {
    Q_OBJECT
public:
    /// Reads the file at a path as readTrace does.
    using Reader = std::function<Result<std::shared_ptr<const Trace>>(const std::string& path, const ReadOptions&,
                                                                      const TaskContext&)>;

    explicit Document(QObject* parent = nullptr);

    /// Null while nothing is open.
    [[nodiscard]] const std::shared_ptr<const Analysis>& analysis() const { return m_open.analysis; }
    /// Of what is open, not of what is being loaded; empty while nothing is.
    [[nodiscard]] const QString& path() const { return m_open.path; }
    [[nodiscard]] bool isLoading() const { return m_load.isRunning(); }
    /// What is open is a part of a file that is being loaded.
    [[nodiscard]] bool isGrowing() const { return m_before.has_value(); }

    /// Reads and analyses a file; loaded() or failed() follows unless it is cancelled.
    void open(const QString& path);
    void cancel();
    void close();

    /// Evaluates a filter over what is open; filterEvaluated() or filterFailed() follows for the newest text only.
    /// The empty filter gives null at once.
    void evaluateFilter(const QString& text);

    /// Reads by another function than readTrace; for tests.
    void setReader(Reader reader) { m_read = std::move(reader); }

signals:
    void loadStarted(const QString& path);
    void loadProgressed(const QString& stage, double fraction);
    void loadFinished();  ///< loaded, failed or cancelled
    /// So much of the file is open now. `filter` is what the filter of the parts before leaves of it; null for none.
    void partLoaded(const std::shared_ptr<const Analysis>& analysis, const std::shared_ptr<const FilterResult>& filter,
                    double fractionRead);
    /// The parts are open no longer, and what was open before them is again.
    void partsDropped();
    /// All of the file is open; `filter` as with partLoaded, null where there was no part.
    void loaded(const std::shared_ptr<const Analysis>& analysis, const std::shared_ptr<const FilterResult>& filter);
    void failed(const Error& error);
    void filterEvaluated(const std::shared_ptr<const FilterResult>& result);
    void filterFailed(const Error& error);

private:
    struct Open {
        std::shared_ptr<const Analysis> analysis;
        QString path;
        Filter filter;
    };

    void take(const std::shared_ptr<const Analysis>& analysis, const QString& path, bool isWhole);
    void evaluate();
    void showArrived(const std::shared_ptr<const FilterResult>& filter);
    void dropParts();

    Reader m_read;
    Open m_open;
    std::optional<Open> m_before;               ///< what was open before the parts of the file that is being loaded
    std::shared_ptr<const Analysis> m_arrived;  ///< to be open once the filter has been evaluated for it
    bool m_arrivedIsWhole = false;
    double m_fractionRead = 0;
    Job m_load;
    Job m_filter;
};

}  // namespace alloclens
