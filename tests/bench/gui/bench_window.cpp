// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/gui/bench_window.h"

#include <QAction>
#include <QCoreApplication>
#include <QEvent>
#include <QTest>

#include <stdexcept>

namespace alloclens::bench {
namespace {

constexpr qint64 kPatienceMilliseconds = 180'000;

}  // namespace

void stop(const QString& why) { throw std::runtime_error(why.toStdString()); }

PaintCount::PaintCount(QWidget& widget, std::function<bool()> isExact) : m_isExact(std::move(isExact)) {
    widget.installEventFilter(this);
}

bool PaintCount::eventFilter(QObject* /*watched*/, QEvent* event) {
    if (event->type() == QEvent::Paint) {
        ++m_all;
        if (m_isExact && m_isExact()) ++m_exact;
    }
    return false;
}

BenchWindow::BenchWindow(QSize size) : m_window(std::make_unique<MainWindow>()) {
    m_window->setAttribute(Qt::WA_DeleteOnClose, false);
    m_window->resize(size);
    m_window->show();
    m_window->activateWindow();
    if (!QTest::qWaitForWindowActive(m_window.get())) stop(QStringLiteral("the window did not become active"));
    m_timeline = &child<TimelineView>("timeline");
    m_lanesWidget = &child<QWidget>("lanes");
    m_lanes = std::make_unique<PaintCount>(*m_lanesWidget,
                                           [this] { return state().analysis() && m_timeline->isPictureExact(); });
}

void BenchWindow::trigger(Command command) {
    QAction& action = m_window->commands()[command];
    if (!action.isEnabled()) stop(QStringLiteral("\"%1\" cannot be used").arg(action.text()));
    action.trigger();
}

void BenchWindow::waitFor(const QString& what, const std::function<bool()>& holds) {
    QElapsedTimer timer;
    timer.start();
    while (!holds()) {
        if (timer.elapsed() > kPatienceMilliseconds) stop(QStringLiteral("waited in vain for %1").arg(what));
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);  // a heartbeat wakes it
    }
}

void BenchWindow::settle() {
    constexpr qint64 kQuietMilliseconds = 100;
    waitFor(QStringLiteral("the exact picture"), [this] { return timeline().isUpToDate(); });
    QElapsedTimer quiet;
    quiet.start();
    int painted = m_lanes->all();
    waitFor(QStringLiteral("the window to come to rest"), [&] {
        if (m_lanes->all() != painted) {
            painted = m_lanes->all();
            quiet.restart();
        }
        return quiet.elapsed() >= kQuietMilliseconds;
    });
}

double BenchWindow::frame(const QString& what, const std::function<void()>& change) {
    const int before = m_lanes->all();
    QElapsedTimer timer;
    timer.start();
    change();
    waitFor(QStringLiteral("a frame of \"%1\"").arg(what), [&] { return m_lanes->all() != before; });
    return milliseconds(timer);
}

double BenchWindow::exactPicture(const QElapsedTimer& timer, int before) {
    // A timeline that finds out only when it has painted that the picture was exact paints no other one: then the
    // moment counts at which it says so.
    constexpr double kGraceMilliseconds = 200;
    double saidAt = -1;
    waitFor(QStringLiteral("the exact picture"), [&] {
        if (m_lanes->exact() != before) return true;
        if (saidAt < 0 && m_timeline->isPictureExact()) saidAt = milliseconds(timer);
        if (!m_timeline->isPictureExact()) saidAt = -1;
        return saidAt >= 0 && milliseconds(timer) - saidAt > kGraceMilliseconds;
    });
    return m_lanes->exact() != before ? milliseconds(timer) : saidAt;
}

double BenchWindow::everything(const QElapsedTimer& timer) {
    waitFor(QStringLiteral("the curve of live bytes"), [this] { return timeline().isUpToDate(); });
    return milliseconds(timer);
}

Phase BenchWindow::begin(const QString& name) {
    settle();
    static_cast<void>(m_heartbeat.take());
    return {name, {}, {}, {}};
}

Phase BenchWindow::end(Phase phase) {
    phase.waits = m_heartbeat.take();
    return phase;
}

}  // namespace alloclens::bench
