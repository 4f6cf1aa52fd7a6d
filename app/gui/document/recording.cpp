// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/document/recording.h"

#include <QFile>
#include <QStringList>

#include <system_error>
#include <utility>

#include "app/gui/look/words.h"
#include "app/record/shortage.h"
#include "core/base/units.h"

namespace alloclens {
namespace {

QString summaryOf(const QString& path, const record::Figures& figures, const Result<void>& outcome) {
    QStringList parts = {QObject::tr("Recorded %1 as %2 in %3, with %4.")
                             .arg(quantityText(figures.counts.messages, "message"),
                                  quantityText(figures.counts.events, "event"), path,
                                  quantityText(figures.counts.refusedFrees, "refused free"))};
    if (figures.dropped > 0) {
        parts += QObject::tr("%1 missing: the disk was too slow.").arg(quantityText(figures.dropped, "message"));
    }
    if (figures.unwritten > 0) {
        parts += QObject::tr("%1 missing at the end.").arg(quantityText(figures.unwritten, "message"));
    }
    if (figures.turnedAway > 0) {
        parts += QObject::tr("%1 turned away for lack of room.").arg(quantityText(figures.turnedAway, "client"));
    }
    if (!outcome) parts += QObject::tr("It ended early: %1").arg(toQString(outcome.error().sentence()));
    return parts.join(' ');
}

}  // namespace

Recording::Recording(QObject* parent) : QObject(parent) {
    constexpr int kEveryMs = 1000;
    m_looks.setInterval(kEveryMs);
    connect(&m_looks, &QTimer::timeout, this, [this] { lookForNotices(); });
}

Recording::~Recording() {
    if (m_recorder) m_recorder->stop();
}

void Recording::start(const record::RecorderOptions& options) {
    if (isRunning()) return;
    m_noticesSaid = 0;
    m_path = QFile::decodeName(QByteArray::fromStdString(options.path));
    m_isToStop = false;
    m_opening.start(
        [options](const TaskContext&) -> Result<std::shared_ptr<record::Recorder>> {
            auto recorder = record::Recorder::open(options);
            if (!recorder) return recorder.error();
            return std::shared_ptr<record::Recorder>(std::move(*recorder));
        },
        [this](Result<std::shared_ptr<record::Recorder>> recorder) {
            if (!recorder) {
                emit refused(recorder.error());
                return;
            }
            run(std::move(*recorder));
        });
}

void Recording::run(std::shared_ptr<record::Recorder> recorder) {
    m_recorder = std::move(recorder);
    try {
        m_thread = std::jthread([this, held = m_recorder] {
            Result<void> outcome = held->run();
            QMetaObject::invokeMethod(
                this, [this, outcome = std::move(outcome)] { finish(outcome); }, Qt::QueuedConnection);
        });
    } catch (const std::system_error&) {
        m_recorder->stop();
        (void)m_recorder->run();  // completes the trace, which has nothing in it
        m_recorder.reset();
        emit refused(record::noThread());
        return;
    }
    m_looks.start();
    emit started(m_path);
    if (m_isToStop) stop();
}

void Recording::stop() {
    m_isToStop = true;
    if (m_recorder) m_recorder->stop();
}

void Recording::leavePlace() {
    if (m_recorder) m_recorder->leavePlace();
}

void Recording::lookForNotices() {
    if (!m_recorder) return;
    const auto notices = m_recorder->figures().notices;
    for (; m_noticesSaid < notices.size(); ++m_noticesSaid) emit noticed(toQString(notices[m_noticesSaid]));
}

void Recording::finish(const Result<void>& outcome) {
    m_thread.join();
    m_looks.stop();
    const auto recorder = std::exchange(m_recorder, nullptr);
    emit ended(summaryOf(m_path, recorder->figures(), outcome));
}

}  // namespace alloclens
