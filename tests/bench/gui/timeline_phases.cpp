// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>

#include <cmath>
#include <optional>

#include "core/timeline/axis.h"
#include "tests/bench/gui/phases.h"

namespace alloclens::bench {
namespace {

/// How far one can move and zoom: what the window shows when it shows everything, which is a little more than there is.
struct Axes {
    ViewRange whole;
    AcrossExtent across;

    [[nodiscard]] ViewRange confine(const ViewRange& range) const { return confined(range, across, whole.bottom); }
    [[nodiscard]] ViewRange rangeOf(const test::TimedView& view) const {
        return confine(test::rangeOf(view, {whole.left, whole.right}, whole.bottom));
    }
};

/// Drags the picture by a fiftieth of what is visible: across where there is room, else down, back at the border.
class Drag {
public:
    explicit Drag(const Axes& axes) : m_axes(axes) {}

    [[nodiscard]] ViewRange step(const ViewRange& range) {
        const ViewRange next = moved(range);
        if (next != range) return next;
        m_direction = -m_direction;
        return moved(range);
    }

private:
    [[nodiscard]] ViewRange moved(ViewRange range) const {
        constexpr double kShare = 0.02;
        const double wide = range.right - range.left;
        const double tall = range.bottom - range.top;
        if (wide < m_axes.whole.right - m_axes.whole.left) {
            range.left += m_direction * kShare * wide;
            range.right += m_direction * kShare * wide;
        } else {
            range.top += m_direction * kShare * tall;
            range.bottom += m_direction * kShare * tall;
        }
        return m_axes.confine(range);
    }

    const Axes& m_axes;
    double m_direction = 1;
};

/// Turns the wheel three steps towards the middle, three steps back, and so on; fewer where it can go no further.
class Wheel {
public:
    explicit Wheel(const Axes& axes) : m_axes(axes) {}

    [[nodiscard]] ViewRange step(const ViewRange& range) {
        constexpr int kStepsEachWay = 3;
        if (m_steps == kStepsEachWay) turnBack();
        if (const ViewRange next = zoomed(range); next != range) return next;
        turnBack();
        return zoomed(range);
    }

private:
    void turnBack() {
        m_isIn = !m_isIn;
        m_steps = 0;
    }
    [[nodiscard]] ViewRange zoomed(ViewRange range) {
        constexpr double kStep = 1.25;
        ++m_steps;
        const double middle = (range.left + range.right) / 2;
        const double half = (range.right - range.left) / 2 * (m_isIn ? 1 / kStep : kStep);
        range.left = middle - half;
        range.right = middle + half;
        return m_axes.confine(range);
    }

    const Axes& m_axes;
    bool m_isIn = true;
    int m_steps = 0;
};

/// Frames as they follow each other while the hand moves; now and then it rests until the picture is exact.
template <typename Motion>
Phase measureMotion(BenchWindow& window, const QString& name, Motion motion, int frames) {
    constexpr int kStepsBetweenRests = 10;
    Phase phase = window.begin(name);
    for (int i = 0; i < frames; ++i) {
        const ViewRange next = motion.step(window.state().range());
        const int before = window.lanes().exact();
        QElapsedTimer timer;
        timer.start();
        phase.steps.add(window.frame(name, [&] { window.show(next); }));
        if (i % kStepsBetweenRests == kStepsBetweenRests - 1) phase.exact.add(window.exactPicture(timer, before));
    }
    return window.end(std::move(phase));
}

}  // namespace

void measureLoading(BenchWindow& window, Report& report, const QString& path) {
    Document& document = window.window().document();
    Phase first{QStringLiteral("open: first picture"), {}, {}, {}};
    Phase all{QStringLiteral("open: all of it"), {}, {}, {}};
    std::optional<QString> failure;
    std::optional<int> picturesBeforeLoaded;
    const QObject listener;
    QObject::connect(&document, &Document::failed, &listener,
                     [&](const Error& error) { failure = QString::fromStdString(error.sentence()); });
    QObject::connect(&document, &Document::loaded, &listener, [&] { picturesBeforeLoaded = window.lanes().exact(); });

    static_cast<void>(window.end({}));  // forgets what waited while the window was made
    QElapsedTimer timer;
    timer.start();
    window.window().openFile(path);
    window.waitFor(QStringLiteral("the first picture"), [&] { return failure || window.lanes().exact() > 0; });
    if (failure) stop(*failure);
    first.steps.add(milliseconds(timer));
    report.add(window.end(std::move(first)));

    window.waitFor(QStringLiteral("the end of loading"), [&] { return failure || !document.isLoading(); });
    if (failure) stop(*failure);
    all.steps.add(window.exactPicture(timer, picturesBeforeLoaded.value_or(0)));
    all.exact.add(window.everything(timer));
    // Panels go on with what they sort and count after that.
    window.settle();
    report.add(window.end(std::move(all)));
}

void measureViews(BenchWindow& window, Report& report, const std::vector<const test::TimedView*>& views, int frames) {
    window.timeline().showAll();
    window.settle();
    const ViewRange whole = window.state().range();
    const Axes axes{whole, acrossExtent(*window.state().analysis()->trace, window.state().acrossMode())};
    for (const test::TimedView* view : views) {
        const ViewRange range = axes.rangeOf(*view);
        const QString name = QString::fromUtf8(view->name.data(), static_cast<qsizetype>(view->name.size()));
        ViewRange start = range;
        // The whole trace cannot be dragged, nine tenths of it can.
        if (range == whole) start.right = start.left + (start.right - start.left) * 0.9;
        window.show(start);
        report.add(measureMotion(window, name + QStringLiteral(": pan"), Drag(axes), frames));
        window.show(range);
        report.add(measureMotion(window, name + QStringLiteral(": zoom"), Wheel(axes), frames));
    }
    window.timeline().showAll();
}

void measureThemes(BenchWindow& window, Report& report) {
    constexpr int kTimes = 3;
    Phase phase = window.begin(QStringLiteral("theme switched"));
    for (int i = 0; i < kTimes; ++i) {
        phase.steps.add(window.frame(phase.name, [&] { window.trigger(Command::ThemeDark); }));
        phase.steps.add(window.frame(phase.name, [&] { window.trigger(Command::ThemeLight); }));
    }
    report.add(window.end(std::move(phase)));
}

}  // namespace alloclens::bench
