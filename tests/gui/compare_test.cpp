// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two runs in one window: what became of each cluster, two timelines side by side, and the document as it was
// afterwards.
#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
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
    // Where an event stands in a timeline, as a share of its width.
    [[nodiscard]] double placeOf(std::size_t run, double event) const {
        const ViewRange& range = compareOf(*window)->state(run).range();
        return (event - range.left) / (range.right - range.left);
    }
    [[nodiscard]] double wide(std::size_t run) const {
        const ViewRange& range = compareOf(*window)->state(run).range();
        return range.right - range.left;
    }
    [[nodiscard]] static CompareView* compareOf(const MainWindow& window) {
        return window.findChild<CompareView*>("compareView");
    }
    static constexpr double kTwoPixels = 0.002;  ///< of a thousand
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
    EXPECT_TRUE(messageText().startsWith("AllocLens treats after.log as the earlier run and before.log as the later "
                                         "one"))
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

TEST_F(CompareTest, ItOpensWithAllOfBothRunsAndNothingSelected) {
    openAndCompare();
    for (const std::size_t run : {0U, 1U}) {
        EXPECT_TRUE(compare()->state(run).selection().isEmpty());
        EXPECT_LE(placeOf(run, 0), 0.02);
    }
    EXPECT_FALSE(view("comparedClusters").selectionModel()->hasSelection());
    EXPECT_NEAR(placeOf(0, 121), 0.99, 0.01) << "the longer run fills the view";
    const ViewRange range = compare()->state(0).range();
    QTest::keyClick(&view("comparedClusters"), Qt::Key_Down);
    EXPECT_TRUE(view("comparedClusters").selectionModel()->isRowSelected(0, {})) << "the first key takes the first row";
    EXPECT_NE(compare()->state(0).range(), range);
}

TEST_F(CompareTest, WhatBothRunsHaveStandsAboveEachOtherAtAnyZoom) {
    openAndCompare();
    EXPECT_EQ(window->findChild<QLabel*>("compareAlignment")->text(), "aligned by 81 matching events");
    const auto sideBySideNow = [this] {
        for (int event = 0; event < 81; event += 5) EXPECT_NEAR(placeOf(0, event), placeOf(1, event), kTwoPixels);
    };
    sideBySideNow();
    trigger(Command::ZoomIn);
    trigger(Command::ZoomIn);
    EXPECT_LT(wide(1), 70);
    sideBySideNow();
    trigger(Command::PanRight);
    sideBySideNow();
    compare()->timeline(1).zoom(2);
    EXPECT_LT(wide(0), 40);
    sideBySideNow();
    trigger(Command::Home);
    EXPECT_LE(compare()->state(0).range().left, 0);
    EXPECT_GE(compare()->state(0).range().right, 121);
    sideBySideNow();
}

TEST_F(CompareTest, TheSamplesStandSideBySideWhereverOneLooks) {
    // The second run lacks a part near its end.
    QFile sample(samplePath());
    ASSERT_TRUE(sample.open(QIODevice::ReadOnly));
    QByteArrayList lines = sample.readAll().split('\n');
    lines.remove(13'000, 900);
    open(samplePath());
    window->compareWith(writeFile("shorter.log", lines.join('\n')));
    ASSERT_TRUE(soon([&] { return compare() != nullptr && isDrawn(); }));
    const auto& runs = compare()->runs()->runs;
    int seen = 0;
    for (int row = 0; row < view("comparedClusters").model()->rowCount(); ++row) {
        const QString state = cell(row, ComparedClustersModel::State);
        if (state != "same") continue;
        select(row);
        const std::array selected = {compare()->state(0).selection(), compare()->state(1).selection()};
        ASSERT_TRUE(selected[0].finding.isValid() && selected[1].finding.isValid());
        EXPECT_EQ(runs[0]->key(selected[0].address), runs[1]->key(selected[1].address));
        EXPECT_NEAR(placeOf(0, selected[0].event.value), placeOf(1, selected[1].event.value), kTwoPixels);
        compare()->timeline(0).zoom(0.5);
        EXPECT_NEAR(placeOf(0, selected[0].event.value), placeOf(1, selected[1].event.value), kTwoPixels);
        ++seen;
    }
    EXPECT_GT(seen, 20);
    trigger(Command::Home);
    for (const std::uint32_t event : {0U, 2000U, 4865U}) EXPECT_NEAR(placeOf(0, event), placeOf(1, event), kTwoPixels);
}

TEST_F(CompareTest, TheAlignmentCanBeChosen) {
    openAndCompare();
    auto* choice = window->findChild<QComboBox*>("alignBy");
    const auto choose = [&](AlignBy by) {
        choice->setCurrentIndex(static_cast<int>(by));
        emit choice->activated(static_cast<int>(by));
        ASSERT_TRUE(soon([&] { return isDrawn(); }));
    };
    const auto* words = window->findChild<QLabel*>("compareAlignment");
    choose(AlignBy::Share);
    EXPECT_EQ(words->text(), "aligned by the share of the run");
    EXPECT_NEAR(placeOf(0, 121), placeOf(1, 82), kTwoPixels);
    choose(AlignBy::Selected);
    EXPECT_EQ(choice->currentIndex(), static_cast<int>(AlignBy::Share)) << "nothing is selected yet";
    EXPECT_TRUE(words->text().startsWith("Select an event in each run first.")) << words->text().toStdString();
    compare()->state(0).selectLine(101);
    compare()->state(1).selectLine(61);
    choose(AlignBy::Selected);
    EXPECT_EQ(words->text(), "aligned at line 101 and line 61");
    EXPECT_NEAR(placeOf(0, 100), placeOf(1, 60), kTwoPixels);
    EXPECT_NEAR(placeOf(0, 70), placeOf(1, 30), kTwoPixels);
    choose(AlignBy::Matches);
    EXPECT_NEAR(placeOf(0, 70), placeOf(1, 70), kTwoPixels);
}

TEST_F(CompareTest, RunsWithNothingInCommonAreAlignedByTheirShareAndItIsSaid) {
    open(writeFile("before.log", run(100, true)));
    QByteArray other;
    for (int i = 0; i < 60; ++i) other += allocated(5, 1'000'000 + 64 * i, 5555 + 32 * i, "TRACE");
    window->compareWith(writeFile("after.log", other));
    ASSERT_TRUE(soon([&] { return compare() != nullptr && isDrawn(); }));
    EXPECT_EQ(window->findChild<QLabel*>("compareAlignment")->text(),
              "the runs have too little in common: aligned by the share of the run");
    trigger(Command::ZoomIn);
    EXPECT_NEAR(placeOf(0, 60.5), placeOf(1, 30), kTwoPixels);
}

TEST_F(CompareTest, WhatChangedComesFirstAndHeadersSort) {
    openAndCompare();
    const auto states = [this] {
        QStringList all;
        for (int row = 0; row < view("comparedClusters").model()->rowCount(); ++row) {
            all += cell(row, ComparedClustersModel::State);
        }
        return all.join(' ');
    };
    EXPECT_EQ(states(), "new fixed same");
    auto* table = qobject_cast<QTableView*>(&view("comparedClusters"));
    table->sortByColumn(ComparedClustersModel::Before, Qt::DescendingOrder);
    EXPECT_EQ(states(), "fixed same new") << "40, 1, 0";
    table->sortByColumn(ComparedClustersModel::State, Qt::DescendingOrder);
    EXPECT_EQ(states(), "same fixed new");
}

TEST_F(CompareTest, RowsAreFilteredByStateAndWords) {
    openAndCompare();
    auto* same = window->findChild<QCheckBox*>("state-same");
    EXPECT_EQ(same->text(), "1 same");
    EXPECT_EQ(window->findChild<QCheckBox*>("state-changed"), nullptr) << "no cluster is in that state";
    same->click();
    EXPECT_EQ(rowOf("same"), -1);
    EXPECT_GE(rowOf("fixed"), 0);
    same->click();
    EXPECT_GE(rowOf("same"), 0);
    QTest::keyClicks(window->findChild<QLineEdit*>("compareWords"), "freed 40");
    EXPECT_EQ(view("comparedClusters").model()->rowCount(), 1);
    EXPECT_EQ(cell(0, ComparedClustersModel::State), "fixed");
    window->findChild<QLineEdit*>("compareWords")->clear();
    EXPECT_EQ(view("comparedClusters").model()->rowCount(), 3);
}

TEST_F(CompareTest, SelectedRowsAreCopiedAsTabSeparatedText) {
    openAndCompare();
    select(rowOf("fixed"));
    view("comparedClusters").setFocus();
    QTest::keyClick(&view("comparedClusters"), Qt::Key_C, Qt::ControlModifier);
    const QString text = QApplication::clipboard()->text();
    EXPECT_TRUE(text.startsWith("State\tBefore\tAfter\tFindings\t")) << text.toStdString();
    EXPECT_TRUE(text.contains("\nfixed\t40\t0\t")) << text.toStdString();
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
        EXPECT_LE(compare()->state(run).range().left, 0);
        EXPECT_LT(compare()->state(run).range().right, 60);
    }
    select(rowOf("fixed"));
    EXPECT_EQ(compare()->state(0).selection().line, 82U);
    EXPECT_TRUE(compare()->state(1).selection().isEmpty());
    EXPECT_LE(compare()->state(0).range().left, 81);
    EXPECT_GE(compare()->state(0).range().right, 120);
    EXPECT_NEAR(placeOf(0, 80), placeOf(1, 80), kTwoPixels) << "the other one shows what lies beside it";
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

TEST_F(CompareTest, TheRunsCanBeSwappedAndTheViewStays) {
    openAndCompare();
    select(rowOf("same"));
    window->findChild<QLineEdit*>("compareWords")->setText("open");
    compare()->timeline(0).zoom(1.5);
    const std::array ranges = {compare()->state(0).range(), compare()->state(1).range()};
    QTest::mouseClick(window->findChild<QPushButton*>("swapRuns"), Qt::LeftButton);
    ASSERT_TRUE(soon([&] { return window->findChild<QLabel*>("runBefore")->text().contains("after.log"); }));
    ASSERT_TRUE(soon([&] { return isDrawn(); }));
    EXPECT_EQ(compare()->state(0).range(), ranges[1]);
    EXPECT_EQ(compare()->state(1).range(), ranges[0]);
    EXPECT_EQ(compare()->state(0).selection().line, 1U);
    EXPECT_EQ(window->findChild<QLineEdit*>("compareWords")->text(), "open");
    EXPECT_TRUE(view("comparedClusters").selectionModel()->isRowSelected(rowOf("same"), {}));
    window->findChild<QLineEdit*>("compareWords")->clear();
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
    EXPECT_LT(wide(1), 0.8 * 121) << "it still follows";
    EXPECT_NEAR(placeOf(0, 51), placeOf(1, 51), kTwoPixels) << "an event is a line here";
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

}  // namespace
}  // namespace alloclens
