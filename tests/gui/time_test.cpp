// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the window shows of time and sender: of a trace that has them everywhere, of a log nowhere.
#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>

#include "app/gui/panels/inspector/inspector.h"
#include "app/gui/timeline/lane_names.h"
#include "app/gui/timeline/timeline_view.h"
#include "tests/unit/support/timed_trace.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class TimeTest : public WindowTest {
protected:
    void openTimed(std::shared_ptr<const Trace> trace) {
        window->document().setReader(
            [trace = std::move(trace)](const std::string&, const ReadOptions&,
                                       const TaskContext&) -> Result<std::shared_ptr<const Trace>> { return trace; });
        open(writeFile("timed.bin", "any"));
        window->document().setReader([](const std::string& path, const ReadOptions& options, const TaskContext& task) {
            return readTrace(path, {}, options, task);
        });
        settle();
    }
    void openTimed() { openTimed(test::timedTrace(test::timedDoubleFree())); }
    /// An allocation a second after that.
    void openMany() {
        std::vector<test::TimedEvent> timed = test::timedDoubleFree();
        for (int i = 0; i < 400; ++i)
            timed.push_back(
                {EventKind::Allocation, static_cast<std::uint64_t>(1'000 + i), 42, (7 + i) * 1'000'000'000LL, 42});
        openTimed(test::timedTrace(timed));
    }
    void settle() {
        ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    }
    [[nodiscard]] QWidget& lanes() { return *window->findChild<QWidget*>("lanes"); }
    [[nodiscard]] TimelineView& timeline() { return *window->findChild<TimelineView*>("timeline"); }
    [[nodiscard]] QTableView& events() { return dynamic_cast<QTableView&>(view("eventsView")); }
    [[nodiscard]] FindingId surplus() { return test::surplusOf(*state().analysis()); }
    [[nodiscard]] QAction& acrossTime() { return window->commands()[Command::AcrossTime]; }
    [[nodiscard]] QString cell(int row, const QString& title, int role = Qt::DisplayRole) {
        return cellUnder(events(), row, title, role);
    }
    [[nodiscard]] QString inspectorHtml(const QString& expected) {
        auto* inspector = window->findChild<Inspector*>("inspector");
        EXPECT_TRUE(soon([&] { return inspector->shownHtml().contains(expected); }))
            << inspector->shownHtml().toStdString();
        return inspector->shownHtml();
    }
};

TEST_F(TimeTest, TheEventsHaveColumnsForIt) {
    openTimed();
    trigger(Command::ShowEvents);
    ASSERT_TRUE(soon([&] { return events().model()->rowCount() == 6; }));
    EXPECT_EQ(cell(3, "Time"), "3.004200000 s");
    EXPECT_EQ(cell(3, "Time", Qt::ToolTipRole), "2026-02-26T21:56:13.195200123Z");
    EXPECT_EQ(cell(5, "Process"), "77");
    EXPECT_EQ(cell(5, "Sender"), "42");
    openSample();
    ASSERT_TRUE(soon([&] { return events().model()->rowCount() > 6; }));
    EXPECT_TRUE(cell(3, "Time").isNull());
    EXPECT_TRUE(cell(3, "Sender").isNull());
}

TEST_F(TimeTest, TheInspectorAndTheStatusLineSayIt) {
    openTimed();
    state().selectFinding(surplus());
    const QString html = inspectorHtml(
        "freed again 4.2 ms after it was freed, by process 77, which is not the owner (42)");
    EXPECT_TRUE(html.contains("2026-02-26T21:56:13.195200123Z · sent by process 77"));
    EXPECT_TRUE(window->findChild<QLabel*>("statusSelection")->text().contains("2026-02-26T21:56:13.195200123Z"));
    EXPECT_TRUE(window->findChild<QLabel*>("statusDocument")->toolTip().contains("6.0 s"));
}

TEST_F(TimeTest, AnEventWithoutATimeSaysSo) {
    openTimed(test::timedTrace(test::timedDoubleFree(false)));
    trigger(Command::ShowEvents);
    ASSERT_TRUE(soon([&] { return events().model()->rowCount() == 6; }));
    EXPECT_EQ(cell(3, "Time"), QStringLiteral("–"));
    EXPECT_EQ(cell(3, "Time", Qt::ToolTipRole), "no time");
    state().selectEvent(EventId(3U));
    EXPECT_TRUE(inspectorHtml("sent by process 77").contains("no time"));
}

TEST_F(TimeTest, TheTimelineRunsAcrossTimeWhereThereIsOne) {
    EXPECT_FALSE(acrossTime().isEnabled());
    openTimed();
    EXPECT_TRUE(acrossTime().isEnabled());
    trigger(Command::AcrossTime);
    settle();
    EXPECT_EQ(state().acrossMode(), AcrossMode::Time);
    EXPECT_TRUE(acrossTime().isChecked());
    EXPECT_NEAR(state().range().right, 6.06e9, 1e7) << "six seconds and a hundredth of room";
    EXPECT_FALSE(timeline().positionOf(surplus()).isNull());
    trigger(Command::AcrossEvents);
    settle();
    EXPECT_LT(state().range().right, 7);
}

TEST_F(TimeTest, AFindingIsFittedIntoTheTimeThatSomeEventsTake) {
    openMany();
    trigger(Command::AcrossTime);
    settle();
    EXPECT_GT(state().range().right, 400e9);
    state().selectFinding(surplus());
    timeline().fitSelection();
    EXPECT_GT(state().range().right, 3.0042e9);
    EXPECT_LT(state().range().right, 20e9);
    EXPECT_FALSE(timeline().positionOf(surplus()).isNull());
}

TEST_F(TimeTest, ALogThatFollowsTakesTheOrderOfEventsAgain) {
    openTimed();
    trigger(Command::AcrossTime);
    settle();
    openSample();
    settle();
    EXPECT_EQ(state().acrossMode(), AcrossMode::EventOrder);
    EXPECT_FALSE(acrossTime().isEnabled());
    EXPECT_TRUE(window->commands()[Command::AcrossEvents].isChecked());
    EXPECT_GT(state().range().right, 1'000);
    state().setAcrossMode(AcrossMode::Time);
    EXPECT_EQ(state().acrossMode(), AcrossMode::EventOrder);
}

TEST_F(TimeTest, BackShowsThePartThatWasSeenOnAnotherAxis) {
    openMany();
    state().selectEvent(EventId(100U));
    timeline().zoom(4);
    const ViewRange before = state().range();
    state().selectEvent(EventId(300U));
    trigger(Command::AcrossTime);
    settle();
    ASSERT_GT(state().range().right, 1e9);
    state().goBack();
    settle();
    EXPECT_EQ(state().acrossMode(), AcrossMode::EventOrder);
    EXPECT_EQ(state().range(), before);
    state().goForward();
    settle();
    EXPECT_EQ(state().acrossMode(), AcrossMode::Time);
    EXPECT_GT(state().range().right, 1e9);
}

TEST_F(TimeTest, ARangeOfAnotherDocumentIsNotTaken) {
    openMany();
    const auto former = timeline().scene();
    openTimed();
    const ViewRange range = state().range();
    state().setRange({100, 200, 0, 1}, *former);
    EXPECT_EQ(state().range(), range);
}

TEST_F(TimeTest, ADragOverAStretchWithoutEventsSaysSo) {
    openTimed();
    trigger(Command::AcrossTime);
    settle();
    const int margin = laneMargin(lanes().font(), lanes().width());
    const double scale = (lanes().width() - margin - 12) / (state().range().right - state().range().left);
    const auto drag = [&](double from, double to) {
        const auto place = [&](double seconds) {
            return QPoint(margin + static_cast<int>((seconds * 1e9 - state().range().left) * scale), 60);
        };
        QTest::mousePress(&lanes(), Qt::LeftButton, {}, place(from));
        QTest::mouseMove(&lanes(), place((from + to) / 2));
        QTest::mouseMove(&lanes(), place(to));
        QTest::mouseRelease(&lanes(), Qt::LeftButton, {}, place(to));
        return window->findChild<QLabel*>("rangeSums")->text();
    };
    EXPECT_TRUE(drag(1.5, 2.5).contains("no events")) << drag(1.5, 2.5).toStdString();
    EXPECT_TRUE(drag(4, 5.5).contains("1 allocations, 0 accepted frees")) << drag(4, 5.5).toStdString();
}

TEST_F(TimeTest, AFilterByTimeIsForTracesThatHaveOne) {
    openTimed();
    filter("time:3s..4s sender:77");
    ASSERT_TRUE(state().filterResult());
    EXPECT_EQ(state().filterResult()->eventCount, 1U);
    openSample();
    filterEdit().setText("time:3s..4s");
    QTest::keyClick(&filterEdit(), Qt::Key_Return);
    EXPECT_TRUE(filterEdit().property("invalid").toBool());
    EXPECT_TRUE(filterEdit().accessibleDescription().contains("no time"));
    EXPECT_TRUE(state().filterText().isEmpty());
}

}  // namespace
}  // namespace alloclens
