// SPDX-License-Identifier: GPL-3.0-or-later
//
// The real main window with what it takes to time it: the paints of a widget are counted, waiting handles events, and
// a heartbeat watches the event loop all the time.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>

#include <functional>
#include <memory>

#include "app/gui/timeline/timeline_view.h"
#include "app/gui/window/main_window.h"
#include "tests/bench/gui/heartbeat.h"
#include "tests/bench/gui/report.h"

namespace alloclens::bench {

/// Throws std::runtime_error: nothing more can be measured. All measuring is done from main(), outside of Qt's calls.
[[noreturn]] void stop(const QString& why);

/// How often a widget has been painted, and how often while `isExact` held.
class PaintCount : public QObject {
public:
    explicit PaintCount(QWidget& widget, std::function<bool()> isExact = {});
    [[nodiscard]] int all() const { return m_all; }
    [[nodiscard]] int exact() const { return m_exact; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    std::function<bool()> m_isExact;
    int m_all = 0;
    int m_exact = 0;
};

class BenchWindow {
public:
    explicit BenchWindow(QSize size);

    [[nodiscard]] MainWindow& window() { return *m_window; }
    [[nodiscard]] ViewState& state() { return m_window->state(); }
    [[nodiscard]] TimelineView& timeline() { return *m_timeline; }
    void show(const ViewRange& range) { state().setRange(range, *m_timeline->scene()); }
    [[nodiscard]] const PaintCount& lanes() const { return *m_lanes; }
    [[nodiscard]] QSize lanesSize() const { return m_lanesWidget->size(); }
    void trigger(Command command);
    /// The child of that name; its absence is an error.
    template <typename Widget>
    [[nodiscard]] Widget& child(const char* name) {
        auto* found = m_window->findChild<Widget*>(QLatin1String(name));
        if (found == nullptr) stop(QStringLiteral("the window has no \"%1\"").arg(QLatin1String(name)));
        return *found;
    }

    /// Handles events until `holds`; stops, naming `what`, when that takes minutes.
    void waitFor(const QString& what, const std::function<bool()>& holds);
    /// Handles events until nothing has been painted for a while, so that a phase begins with an idle window.
    void settle();

    /// From `change` until the lanes have been painted and the event loop is free again, in milliseconds.
    double frame(const QString& what, const std::function<void()>& change);
    /// From the start of `timer` to the first exact picture painted after there were `before` of them.
    double exactPicture(const QElapsedTimer& timer, int before);
    /// From the start of `timer` until the curve of live bytes is that of the picture as well.
    double everything(const QElapsedTimer& timer);

    /// Begins a phase: forgets how long events waited before it.
    [[nodiscard]] Phase begin(const QString& name);
    /// Ends it: adds how long they waited in it.
    Phase end(Phase phase);

private:
    std::unique_ptr<MainWindow> m_window;
    TimelineView* m_timeline = nullptr;
    QWidget* m_lanesWidget = nullptr;
    std::unique_ptr<PaintCount> m_lanes;
    Heartbeat m_heartbeat;
};

[[nodiscard]] inline double milliseconds(const QElapsedTimer& timer) {
    return static_cast<double>(timer.nsecsElapsed()) * 1e-6;
}

}  // namespace alloclens::bench
