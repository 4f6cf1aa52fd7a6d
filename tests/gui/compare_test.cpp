// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two runs in one window: what became of each cluster, two timelines in step, and the document as it was afterwards.
#include <QAction>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QUrl>

#include "app/gui/compare/clusters_model.h"
#include "app/gui/compare/compare_view.h"
#include "app/gui/compare/step.h"
#include "app/gui/timeline/timeline_view.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

QByteArray allocated(int pid, int address, int bytes, const char* memory) {
    return QByteArray("[PID %1] Allocated %2 bytes of %4 on device 0 (buffer_id=%3)\n")
        .replace("%1", QByteArray::number(pid))
        .replace("%2", QByteArray::number(bytes))
        .replace("%3", QByteArray::number(address))
        .replace("%4", memory);
}
QByteArray freed(int pid, int address, int bytes) {
    return "[PID " + QByteArray::number(pid) + "] Freed buffer " + QByteArray::number(address) + " on device 0 ("
           + QByteArray::number(bytes) + " bytes, FINAL)\n";
}
QByteArray refused(int pid, int address) {
    return "[PID " + QByteArray::number(pid) + "] Deallocation for unknown buffer " + QByteArray::number(address)
           + " on device 0 (allocated before tracking started)\n";
}

// Forty buffers, each freed again by another process if `isFaulty`, and a leak in either run; without faults another.
QByteArray run(int pid, bool isFaulty) {
    QByteArray log = allocated(pid, 64, 512, "DRAM");  // leaks
    for (int i = 0; i < 40; ++i) log += allocated(pid, 4096 + 64 * i, 2048, "L1") + freed(pid, 4096 + 64 * i, 2048);
    for (int i = 0; i < 40 && isFaulty; ++i) log += refused(pid + 1, 4096 + 64 * i);
    if (!isFaulty) log += allocated(pid, 128, 1'048'576, "TRACE");  // leaks
    return log;
}

class CompareTest : public WindowTest {
protected:
    void openAndCompare() {
        open(writeFile("before.log", run(100, true)));
        window->compareWith(writeFile("after.log", run(700, false)));
        ASSERT_TRUE(soon([&] { return compare() != nullptr && isDrawn(); }));
    }
    void drop(const QStringList& paths) {
        QMimeData data;
        QList<QUrl> urls;
        for (const QString& path : paths) urls += QUrl::fromLocalFile(path);
        data.setUrls(urls);
        QDragEnterEvent enter(QPoint(200, 200), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(window.get(), &enter);
        QDropEvent event(QPointF(200, 200), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(window.get(), &event);
        EXPECT_TRUE(event.isAccepted());
    }
    [[nodiscard]] CompareView* compare() { return window->findChild<CompareView*>("compareView"); }
    [[nodiscard]] bool isDrawn() { return compare()->timeline(0).isUpToDate() && compare()->timeline(1).isUpToDate(); }
    [[nodiscard]] QString cell(int row, int column) {
        return view("comparedClusters").model()->index(row, column).data().toString();
    }
    [[nodiscard]] int rowOf(const QString& state) {
        for (int row = 0; row < view("comparedClusters").model()->rowCount(); ++row) {
            if (cell(row, ComparedClustersModel::State) == state) return row;
        }
        return -1;
    }
    void select(int row) { view("comparedClusters").setCurrentIndex(view("comparedClusters").model()->index(row, 0)); }
    // The visible part as shares of the whole trace.
    [[nodiscard]] std::pair<double, double> shareOf(std::size_t run) {
        const auto count = static_cast<double>(compare()->runs()->runs[run]->trace->events.count());
        const ViewRange& range = compare()->state(run).range();
        return {range.left / count, range.right / count};
    }
};

TEST_F(CompareTest, TheStateOfEachClusterIsSaidWithItsCounts) {
    open(writeFile("before.log", run(100, true)));
    trigger(Command::Compare);
    answerFileDialog("openDialog", writeFile("after.log", run(700, false)));
    ASSERT_TRUE(soon([&] { return compare() != nullptr; }));
    ASSERT_EQ(view("comparedClusters").model()->rowCount(), 3);
    const int fixed = rowOf("fixed");
    ASSERT_GE(fixed, 0);
    EXPECT_EQ(cell(fixed, ComparedClustersModel::Before), "40");
    EXPECT_EQ(cell(fixed, ComparedClustersModel::After), "0");
    EXPECT_TRUE(cell(fixed, ComparedClustersModel::What).contains("40 buffers"));
    EXPECT_TRUE(cell(fixed, ComparedClustersModel::Exercised).contains("40 lifetimes"));
    const int added = rowOf("new");
    ASSERT_GE(added, 0);
    EXPECT_EQ(cell(added, ComparedClustersModel::Before), "0");
    EXPECT_EQ(cell(added, ComparedClustersModel::After), "1");
    EXPECT_GE(rowOf("same"), 0);
    EXPECT_EQ(window->findChild<QLabel*>("compareSummary")->text(), "1 new · 1 same · 1 fixed");
    EXPECT_TRUE(window->findChild<QLabel*>("runBefore")->text().contains("before.log"));
    EXPECT_TRUE(window->findChild<QLabel*>("runAfter")->text().contains("after.log"));
    EXPECT_EQ(window->windowTitle(), "before.log and after.log – AllocLens");
}

TEST_F(CompareTest, TwoFilesThatAreDroppedAreComparedInTheirOrder) {
    openSample();
    drop({writeFile("after.log", run(700, false)), writeFile("before.log", run(100, true))});
    ASSERT_TRUE(soon([&] { return compare() != nullptr; }));
    EXPECT_EQ(window->windowTitle(), "after.log and before.log – AllocLens");
    EXPECT_TRUE(window->findChild<QLabel*>("runBefore")->text().contains("after.log"));
    EXPECT_TRUE(messageText().startsWith("after.log is taken for the run before and before.log for the one after"))
        << messageText().toStdString();
    EXPECT_TRUE(messageText().contains("Swap the runs")) << messageText().toStdString();
    EXPECT_EQ(QApplication::topLevelWidgets().count(window.get()), 1);
    window->findChild<QPushButton*>("swapRuns")->click();
    ASSERT_TRUE(soon([&] { return window->windowTitle() == "before.log and after.log – AllocLens"; }));
    EXPECT_TRUE(messageText().isEmpty()) << "what it said is no longer so";
    trigger(Command::EndComparison);
    EXPECT_EQ(window->document().path(), temporaryPath("after.log")) << "the first one is open";
}

TEST_F(CompareTest, OfTwoFilesThatAreDroppedEitherMayBeUnreadable) {
    openSample();
    const QString broken = writeFile("holiday.txt", "Dear all,\nthe sea is warm.\n");
    const QString good = writeFile("good.log", run(100, true));
    drop({broken, good});
    ASSERT_TRUE(soon([&] { return messageText().contains("holiday.txt"); }));
    EXPECT_EQ(window->document().path(), samplePath());
    open(good);
    QTest::qWait(100);
    EXPECT_EQ(compare(), nullptr) << "the drop is forgotten";
    drop({good, broken});
    ASSERT_TRUE(soon([&] { return messageText().contains("holiday.txt"); }));
    EXPECT_EQ(compare(), nullptr);
    EXPECT_EQ(window->document().path(), good);
}

TEST_F(CompareTest, OneFileThatIsDroppedReplacesTheOpenOne) {
    openSample();
    const QString path = writeFile("other.log", run(100, true));
    drop({path});
    ASSERT_TRUE(soon([&] { return window->document().path() == path && !window->document().isLoading(); }));
    QTest::qWait(100);
    EXPECT_EQ(compare(), nullptr);
    EXPECT_TRUE(messageText().isEmpty()) << messageText().toStdString();
}

TEST_F(CompareTest, ZoomAndPanGoInStep) {
    openAndCompare();
    const auto inStepNow = [this] {
        const auto upper = shareOf(0);
        const auto lower = shareOf(1);
        EXPECT_NEAR(upper.first, lower.first, 0.01);
        EXPECT_NEAR(upper.second, lower.second, 0.01);
    };
    inStepNow();
    trigger(Command::ZoomIn);
    trigger(Command::ZoomIn);
    EXPECT_LT(shareOf(1).second - shareOf(1).first, 0.6);
    inStepNow();
    trigger(Command::PanRight);
    inStepNow();
    compare()->timeline(1).zoom(2);
    EXPECT_LT(shareOf(0).second - shareOf(0).first, 0.3);
    inStepNow();
    trigger(Command::Home);
    EXPECT_LE(shareOf(0).first, 0.01);
    EXPECT_GE(shareOf(0).second, 1);
    inStepNow();
}

TEST_F(CompareTest, AClusterThatIsChosenBeforeTheRunsAreDrawnIsGoneToThen) {
    open(writeFile("before.log", run(100, true)));
    window->compareWith(writeFile("after.log", run(700, false)));
    ASSERT_TRUE(soon([&] { return compare() != nullptr; }));
    select(rowOf("same"));
    ASSERT_TRUE(soon([&] { return isDrawn(); }));
    for (const std::size_t of : {0U, 1U}) EXPECT_EQ(compare()->state(of).selection().line, 1U);
}

TEST_F(CompareTest, AClusterIsGoneToInEachRunThatHasIt) {
    openAndCompare();
    select(rowOf("same"));
    for (const std::size_t run : {0U, 1U}) {
        const Selection& selection = compare()->state(run).selection();
        ASSERT_TRUE(selection.finding.isValid()) << "run " << run;
        EXPECT_EQ(selection.line, 1U);
        EXPECT_LE(shareOf(run).first, 0.01);
        EXPECT_LT(shareOf(run).second, 0.6);
    }
    select(rowOf("fixed"));
    EXPECT_EQ(compare()->state(0).selection().line, 82U);
    EXPECT_TRUE(compare()->state(1).selection().isEmpty());
    EXPECT_LE(shareOf(0).first * 121, 81);
    EXPECT_GE(shareOf(0).second * 121, 120);
    EXPECT_NEAR(shareOf(0).first, shareOf(1).first, 0.01) << "the other one shows the same part of its way";
    select(rowOf("new"));
    EXPECT_TRUE(compare()->state(0).selection().isEmpty());
    EXPECT_EQ(compare()->state(1).selection().line, 82U);
}

TEST_F(CompareTest, TheDocumentIsAsItWasAfterwards) {
    open(writeFile("before.log", run(100, true)));
    filter("kind:double-free");
    state().selectLine(90);
    ASSERT_TRUE(soon([&] { return window->findChild<TimelineView*>("timeline")->isUpToDate(); }));
    window->findChild<TimelineView*>("timeline")->zoom(3);
    const auto analysis = state().analysis();
    const ViewRange range = state().range();
    const Selection selection = state().selection();
    window->compareWith(writeFile("after.log", run(700, false)));
    ASSERT_TRUE(soon([&] { return compare() != nullptr && isDrawn(); }));
    EXPECT_FALSE(filterEdit().isEnabled());
    EXPECT_FALSE(window->commands()[Command::ExportTimeline].isEnabled());
    trigger(Command::ZoomIn);
    select(0);
    QTest::mouseClick(window->findChild<QPushButton*>("endComparison"), Qt::LeftButton);
    ASSERT_TRUE(soon([&] { return compare() == nullptr; }));
    EXPECT_EQ(state().analysis(), analysis);
    EXPECT_EQ(state().range(), range);
    EXPECT_EQ(state().selection(), selection);
    EXPECT_EQ(state().filterText(), "kind:double-free");
    EXPECT_TRUE(filterEdit().isEnabled());
    EXPECT_TRUE(window->commands()[Command::ExportTimeline].isEnabled());
    EXPECT_FALSE(window->commands()[Command::EndComparison].isEnabled());
    EXPECT_TRUE(window->findChild<TimelineView*>("timeline")->isVisible());
    EXPECT_TRUE(window->windowTitle().startsWith("before.log – "));
}

TEST_F(CompareTest, TheRunsCanBeSwapped) {
    openAndCompare();
    QTest::mouseClick(window->findChild<QPushButton*>("swapRuns"), Qt::LeftButton);
    ASSERT_TRUE(soon([&] { return window->findChild<QLabel*>("runBefore")->text().contains("after.log"); }));
    const int added = rowOf("new");
    ASSERT_GE(added, 0);
    EXPECT_EQ(cell(added, ComparedClustersModel::After), "40");
    trigger(Command::EndComparison);
    EXPECT_EQ(compare(), nullptr);
}

TEST_F(CompareTest, TheAxesAreThoseOfTheDocument) {
    openAndCompare();
    trigger(Command::AcrossLines);
    EXPECT_EQ(compare()->state(0).acrossMode(), AcrossMode::LineNumber);
    EXPECT_EQ(compare()->state(1).acrossMode(), AcrossMode::LineNumber);
    ASSERT_TRUE(soon([&] { return isDrawn(); }));
    trigger(Command::ZoomIn);
    EXPECT_LT(shareOf(1).second - shareOf(1).first, 0.8) << "still in step";
}

TEST_F(CompareTest, AFileThatIsNoLogIsSaidAndTheDocumentStays) {
    openSample();
    window->compareWith(writeFile("holiday.txt", "Dear all,\nthe sea is warm.\n"));
    EXPECT_TRUE(soon([&] { return messageText().contains("holiday.txt"); }));
    EXPECT_EQ(compare(), nullptr);
    EXPECT_TRUE(window->findChild<TimelineView*>("timeline")->isVisible());
}

TEST_F(CompareTest, ReadingTheOtherRunCanBeCancelled) {
    openSample();
    QFile sample(samplePath());
    ASSERT_TRUE(sample.open(QIODevice::ReadOnly));
    window->compareWith(writeFile("large.log", sample.readAll().repeated(40)));
    auto* cancel = window->findChild<QToolButton*>("cancelButton");
    EXPECT_TRUE(cancel->isVisible());
    QTest::mouseClick(cancel, Qt::LeftButton);
    EXPECT_FALSE(cancel->isVisible());
    QTest::qWait(300);
    EXPECT_EQ(compare(), nullptr);
    EXPECT_EQ(state().analysis()->trace->source->path(), samplePath().toStdString());
    EXPECT_TRUE(messageText().isEmpty());
}

TEST_F(CompareTest, OpeningAnotherDocumentEndsIt) {
    openAndCompare();
    open(samplePath());
    EXPECT_EQ(compare(), nullptr);
    EXPECT_TRUE(window->findChild<TimelineView*>("timeline")->isVisible());
}

TEST_F(CompareTest, WhatIsWrongWithTheFilterDoesNotLieOverIt) {
    open(writeFile("before.log", run(100, true)));
    auto* edit = window->findChild<QLineEdit*>("filterEdit");
    edit->setFocus();
    QTest::keyClicks(edit, "devce:4");
    const auto* problem = window->findChild<QLabel*>("filterProblem");
    ASSERT_TRUE(soon([&] { return problem->isVisible(); }));
    window->compareWith(writeFile("after.log", run(700, false)));
    ASSERT_TRUE(soon([&] { return compare() != nullptr; }));
    EXPECT_FALSE(problem->isVisible());
    trigger(Command::EndComparison);
    EXPECT_TRUE(problem->isVisible()) << "the text is as it was";
}

TEST_F(CompareTest, AWindowMayBeClosedMeanwhile) {
    openAndCompare();
    window->compareWith(samplePath());
    window.reset();
    QTest::qWait(50);
}

TEST(RangesInStep, MoveInProportionWhateverPartEitherShows) {
    const ViewRange own{100, 300, 0, 10};
    const ViewRange from{0, 100, 0, 20};
    EXPECT_EQ(inStep(own, from, from), own);
    EXPECT_EQ(inStep(own, from, {10, 110, 2, 22}), (ViewRange{120, 320, 1, 11}));
    EXPECT_EQ(inStep(own, from, {25, 75, 0, 20}), (ViewRange{150, 250, 0, 10}));
}

}  // namespace
}  // namespace alloclens
