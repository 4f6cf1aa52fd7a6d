// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/document/document.h"

#include <QFile>

#include <utility>

#include "app/gui/document/part_analysis.h"
#include "app/gui/jobs/disposal.h"
#include "app/gui/look/words.h"

namespace alloclens {
namespace {

using Analysed = std::shared_ptr<const Analysis>;
using Evaluated = std::shared_ptr<const FilterResult>;

struct Wanted {
    Document::Reader read;
    std::string path;
    bool isInParts;
};

Document::Reader readerOf(const std::string& format) {
    return [format](const std::string& path, const ReadOptions& options, const TaskContext& task) {
        return readTrace(path, format, options, task);
    };
}

// Parts are analysed while the rest is being read; once all is read, only the whole is of interest.
Result<Analysed> loadFile(const Wanted& wanted, const TaskContext& task, const Job::Tell<Analysed>& tell) {
    Result<std::shared_ptr<const Trace>> trace = TaskContext::cancelled();
    {
        PartAnalysis parts([&tell](Analysed part) { tell(freedInBackground(std::move(part))); });
        ReadOptions options;
        options.formatOption = "File > Open as";
        if (wanted.isInParts) {
            options.onPart = [&parts](std::shared_ptr<const Trace> part) { parts.take(std::move(part)); };
        }
        trace = wanted.read(wanted.path, options, task);
    }
    if (!trace) return trace.error();
    auto analysis = analyse(std::move(*trace), task);
    if (!analysis) return analysis.error();
    return freedInBackground(std::move(*analysis));
}

}  // namespace

Document::Document(QObject* parent) : QObject(parent), m_read(readerOf({})) {
    connect(&m_load, &Job::progressed, this, [this](const QString& stage, double fraction) {
        m_fractionRead = fraction;
        emit loadProgressed(stage, fraction);
    });
    connect(&m_load, &Job::finished, this, &Document::loadFinished);
}

void Document::open(const OpenRequest& request) {
    OpenRequest wanted = request;  // its path may be that of what is dropped
    const bool isReload = wanted.mode == OpenRequest::Mode::Reload;
    if (isReload && !m_open.analysis) return;
    cancel();
    if (isReload) {
        wanted.path = m_open.path;
        wanted.format = m_open.format;
    }
    m_request = std::move(wanted);
    if (m_request.mode == OpenRequest::Mode::Follow) return follow();
    load();
}

void Document::load() {
    emit loadStarted(m_request.path);
    m_fractionRead = 0;
    const bool isReload = m_request.mode == OpenRequest::Mode::Reload;
    const Wanted work{m_request.format.isEmpty() ? m_read : readerOf(m_request.format.toStdString()),
                      QFile::encodeName(m_request.path).toStdString(), !isReload};
    m_load.startTelling<Analysed>(
        [work](const TaskContext& task, const Job::Tell<Analysed>& tell) { return loadFile(work, task, tell); },
        [this](const Analysed& part) { take(part, Arrival::Part); },
        [this, isReload](Result<Analysed> outcome) {
            if (outcome && isReload) return takeAgain(*outcome);
            if (outcome) return take(*outcome, Arrival::Whole);
            dropParts();
            emit failed(outcome.error());
        });
}

void Document::follow() {
    emit loadStarted(m_request.path);
    m_pace = std::make_shared<FollowPace>();
    m_followedPath = m_request.path;
    m_load.startTelling<Followed>(
        [pace = m_pace, file = QFile::encodeName(m_request.path).toStdString()](
            const TaskContext& task, const Job::Tell<Followed>& tell) { return followFile(file, *pace, task, tell); },
        [this](const Followed& news) { takeFollowed(news); },
        [this](Result<Followed> outcome) {
            if (outcome) takeFollowed(*outcome);
            endFollowing();
            if (!outcome) emit failed(outcome.error());
        });
}

void Document::followedIsShown() {
    if (m_pace) m_pace->shown();
}

void Document::stopFollowing() {
    if (m_pace) m_pace->stop();
}

void Document::endFollowing() {
    if (!m_pace) return;
    m_pace.reset();
    m_followedPath.clear();
    emit followingEnded();
}

void Document::cancel() {
    m_load.cancel();
    m_request.compareWith.clear();  // nor is anything to follow where all has been read already
    endFollowing();
    dropParts();
}

void Document::close() {
    m_load.cancel();
    endFollowing();
    m_filter.cancel();
    m_arrived.reset();
    m_before.reset();
    m_open = {};
}

// The first thing to be seen of a file has no filter yet; what follows has the one that was set meanwhile.
void Document::take(const Analysed& analysis, Arrival arrival) {
    if (!isGrowing()) {
        m_filter.cancel();
        Open before = std::exchange(m_open, {{}, m_request.path, {}, m_request.format});
        if (arrival == Arrival::Part) m_before = std::move(before);
    }
    m_arrived = analysis;
    m_arrival = arrival;
    evaluate();
}

// What was open of the same file stays until the filter has been evaluated for this.
void Document::takeAgain(const Analysed& analysis) {
    m_arrived = analysis;
    m_arrival = Arrival::Whole;
    evaluate();
}

// A filter that was typed meanwhile stays, unless it is another file that has come.
void Document::takeFollowed(const Followed& news) {
    if (!news.analysis) return emit followedFileChanged(toQString(news.notice));
    if (news.isAnew) {
        m_filter.cancel();
        m_open = {{}, m_request.path, {}, {}};
    }
    m_arrived = news.analysis;
    m_arrival = Arrival::Followed;
    m_arrivedAnew |= news.isAnew;
    if (!news.notice.empty()) m_notice = toQString(news.notice);
    evaluate();
}

// A line is due once, with the first that has it or else with the whole.
OpenRequest Document::takeDue() {
    OpenRequest due = m_request;
    if (m_arrival == Arrival::Part && due.line > m_open.analysis->trace->source->lines()) {
        due.line = 0;
    } else {
        m_request.line = 0;
    }
    return due;
}

void Document::showArrived(const Evaluated& filter) {
    m_open.analysis = std::exchange(m_arrived, {});
    const OpenRequest due = takeDue();
    switch (m_arrival) {
    case Arrival::Part: emit partLoaded(due, m_open.analysis, filter, m_fractionRead); break;
    case Arrival::Whole:
        m_before.reset();
        emit loaded(due, m_open.analysis, filter);
        break;
    case Arrival::Followed:
        emit followed(due, m_open.analysis, filter, std::exchange(m_arrivedAnew, false), std::exchange(m_notice, {}));
        break;
    }
}

void Document::dropParts() {
    if (!isGrowing()) return;
    m_filter.cancel();
    m_arrived.reset();
    m_open = std::move(*m_before);
    m_before.reset();
    emit partsDropped();
}

void Document::evaluateFilter(const QString& text) {
    m_filter.cancel();
    FilterError wrong;
    const std::string bytes = text.toStdString();
    const std::optional<Filter> filter = Filter::parse(bytes, wrong);
    if (filter) {
        m_open.filter = *filter;
    } else {
        emit filterFailed({ErrorKind::Usage, wrong.message, bytes, "Expected: " + wrong.expected + '.'});
    }
    if (filter || m_arrived) evaluate();
}

// Over what is about to be open if there is something: it is shown together with what the filter leaves of it.
void Document::evaluate() {
    const auto analysis = m_arrived ? m_arrived : m_open.analysis;
    if (!analysis) return;
    const auto deliver = [this](const Evaluated& result) {
        if (m_arrived) return showArrived(result);
        emit filterEvaluated(result);
    };
    if (m_open.filter.isEmpty()) {
        m_filter.cancel();
        return deliver({});
    }
    m_filter.start(
        [analysis, filter = m_open.filter](const TaskContext& task) -> Result<Evaluated> {
            auto result = applyFilter(*analysis, filter, task);
            if (!result) return result.error();
            return freedInBackground<FilterResult>(std::make_shared<const FilterResult>(std::move(*result)));
        },
        [this, deliver](Result<Evaluated> outcome) {
            if (!outcome) emit filterFailed(outcome.error());
            if (outcome || m_arrived) deliver(outcome ? *outcome : Evaluated{});
        });
}

}  // namespace alloclens
