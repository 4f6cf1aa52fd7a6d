// SPDX-License-Identifier: GPL-3.0-or-later
//
// One open file: where it lies, its analysis, and the filter evaluations over it. Loading and filtering run as jobs.
// What was open stays open until the new file has loaded or, if that takes a while, until a first part of it has been
// read and analysed: then the parts are what is open, each larger than the one before, until the whole file takes their
// place. A file that cannot be read to its end, or is cancelled before, leaves nothing half open: what was open before
// it is open again. A file that is still being written can be followed: what there is of it is what is open, again and
// again. Lives on the GUI thread, never blocks it, and may be destroyed while work is running.
#pragma once

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/gui/document/following.h"
#include "app/gui/document/open_request.h"
#include "app/gui/jobs/jobs.h"
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

    /// Reads and analyses a file; loaded() or failed() comes unless it is cancelled. What is open stays open meanwhile;
    /// if it is that which is read again, until loaded() brings the whole of it, under the filter that is set.
    /// A file to be followed: followed() or failed() comes, followed() each time there is more of it and the last one
    /// has been shown.
    void open(const OpenRequest& request);
    void cancel();
    void close();

    [[nodiscard]] bool isFollowing() const { return m_pace != nullptr; }
    /// What is followed, also before anything of it has come; empty while nothing is.
    [[nodiscard]] const QString& followedPath() const { return m_followedPath; }
    /// What followed() brought is on the screen.
    void followedIsShown();
    /// Once more followed(), for all there is now, then followingEnded().
    void stopFollowing();

    /// Evaluates a filter over what is open; filterEvaluated() or filterFailed() follows for the newest text only.
    /// The empty filter gives null at once.
    void evaluateFilter(const QString& text);

    /// Reads by another function than readTrace; for tests.
    void setReader(Reader reader) { m_read = std::move(reader); }

signals:
    void loadStarted(const QString& path);
    void loadProgressed(const QString& stage, double fraction);
    void loadFinished();  ///< loaded, failed or cancelled
    /// The signals that bring something give back the request that it came from, with what is due of it: its line is
    /// there the first time that so much of the file is.
    /// So much of the file is open now. `filter` is what the filter of the parts before leaves of it; null for none.
    void partLoaded(const OpenRequest& due, const std::shared_ptr<const Analysis>& analysis,
                    const std::shared_ptr<const FilterResult>& filter, double fractionRead);
    /// The parts are open no longer, and what was open before them is again.
    void partsDropped();
    /// All of the file is open; `filter` as with partLoaded, null where there was no part.
    void loaded(const OpenRequest& due, const std::shared_ptr<const Analysis>& analysis,
                const std::shared_ptr<const FilterResult>& filter);
    void failed(const Error& error);
    /// There is so much of the followed file now. `isAnew`: it is not the file that was open, or begins anew; then
    /// there is no filter. `notice` says why, where it is for another reason than that it was opened.
    void followed(const OpenRequest& due, const std::shared_ptr<const Analysis>& analysis,
                  const std::shared_ptr<const FilterResult>& filter, bool isAnew, const QString& notice);
    /// What became of the followed file, for people; what is open stays.
    void followedFileChanged(const QString& notice);
    void followingEnded();
    void filterEvaluated(const std::shared_ptr<const FilterResult>& result);
    void filterFailed(const Error& error);

private:
    struct Open {
        std::shared_ptr<const Analysis> analysis;
        QString path;
        Filter filter;
        QString format;  ///< that was asked for; empty for none
    };

    enum class Arrival { Part, Whole, Followed };

    void load();
    void follow();
    void take(const std::shared_ptr<const Analysis>& analysis, Arrival arrival);
    void takeAgain(const std::shared_ptr<const Analysis>& analysis);
    void takeFollowed(const Followed& news);
    [[nodiscard]] OpenRequest takeDue();
    void endFollowing();
    void evaluate();
    void showArrived(const std::shared_ptr<const FilterResult>& filter);
    void dropParts();

    Reader m_read;
    OpenRequest m_request;  ///< of what is being loaded, or was last
    Open m_open;
    std::optional<Open> m_before;               ///< what was open before the parts of the file that is being loaded
    std::shared_ptr<const Analysis> m_arrived;  ///< to be open once the filter has been evaluated for it
    Arrival m_arrival = Arrival::Whole;
    bool m_arrivedAnew = false;  ///< of a followed file, with what is to be said of it
    QString m_notice;
    QString m_followedPath;
    std::shared_ptr<FollowPace> m_pace;  ///< null while nothing is followed
    double m_fractionRead = 0;
    Job m_load;
    Job m_filter;
};

}  // namespace alloclens
