// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file that is shown while it is still being read. The reader hands on a part when the test says so, so nothing here
// depends on how fast anything is.
#include <QAbstractItemView>
#include <QAction>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QTableView>
#include <QToolButton>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "app/gui/compare/compare_view.h"
#include "app/gui/panels/ledger/ledger_panel.h"
#include "app/gui/timeline/timeline_view.h"
#include "app/gui/window/workspace.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

/// How far a slow reader may go: so many parts, then the whole or an error.
class Pace {
public:
    void next() {
        const std::lock_guard lock(m_mutex);
        ++m_allowed;
        m_changed.notify_all();
    }
    [[nodiscard]] bool await(int step, const TaskContext& task) {
        std::unique_lock lock(m_mutex);
        while (m_allowed < step && !task.isCancelled()) m_changed.wait_for(lock, std::chrono::milliseconds(5));
        return !task.isCancelled();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_allowed = 0;
};

/// Asks for another filter in front of whatever a job delivers, until a part of a file is shown: no evaluation of what
/// was open before comes to its end.
class RestlessFilter : public QObject {
public:
    explicit RestlessFilter(ViewState& state) : m_state(state) { qApp->installEventFilter(this); }
    bool eventFilter(QObject* watched, QEvent* event) override {
        const bool isDelivery = event->type() == QEvent::MetaCall && qobject_cast<Job*>(watched) != nullptr;
        if (isDelivery && !m_state.isGrowing()) {
            m_state.requestFilter(m_state.filterText() == "device:5" ? "device:6" : "device:5");
        }
        return false;
    }

private:
    ViewState& m_state;
};

class GrowingTest : public WindowTest {
protected:
    GrowingTest() {
        QFile sample(samplePath());
        EXPECT_TRUE(sample.open(QIODevice::ReadOnly));
        m_sample = sample.readAll();
    }

    // The next file that is opened comes in these parts.
    void readSlowly(const std::vector<QByteArray>& parts, bool fails = false) {
        m_pace = std::make_shared<Pace>();
        std::vector<std::string> files;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            files.push_back(writeFile(QStringLiteral("part%1.log").arg(i), parts[i]).toStdString());
        }
        window->document().setReader(
            [pace = m_pace, files, fails](const std::string& path, const ReadOptions& options,
                                          const TaskContext& task) -> Result<std::shared_ptr<const Trace>> {
                for (std::size_t i = 0; i < files.size(); ++i) {
                    if (!pace->await(static_cast<int>(i) + 1, task)) return TaskContext::cancelled();
                    auto part = readTrace(files[i], {}, {}, task);
                    if (!part) return part.error();
                    if (options.onPart) options.onPart(*part);
                }
                if (!pace->await(static_cast<int>(files.size()) + 1, task)) return TaskContext::cancelled();
                if (fails) return Error{ErrorKind::Input, "is shorter now than when it was opened", path, {}};
                return readTrace(path, {}, {}, task);
            });
    }
    void readAtOnce() {
        window->document().setReader([](const std::string& path, const ReadOptions& options, const TaskContext& task) {
            return readTrace(path, {}, options, task);
        });
    }
    [[nodiscard]] QByteArray linesOfSample(int count) const {
        qsizetype end = 0;
        for (int i = 0; i < count; ++i) end = m_sample.indexOf('\n', end) + 1;
        return m_sample.left(end);
    }
    void awaitLines(std::uint32_t lines) {
        ASSERT_TRUE(soon([&] { return state().analysis() && state().analysis()->trace->source->lines() == lines; }));
    }
    void nextPart(std::uint32_t lines) {
        m_pace->next();
        awaitLines(lines);
    }
    void rest() {
        m_pace->next();
        ASSERT_TRUE(soon([&] { return state().analysis() && !state().isGrowing(); }));
    }
    void awaitScene() {
        ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    }
    [[nodiscard]] TimelineView& timeline() { return *window->findChild<TimelineView*>("timeline"); }
    [[nodiscard]] QString status() { return window->findChild<QLabel*>("statusDocument")->toolTip(); }
    [[nodiscard]] bool showsAllEvents() {
        return state().range().left <= 0
               && state().range().right >= static_cast<double>(state().analysis()->trace->events.count());
    }

    QByteArray m_sample;
    std::shared_ptr<Pace> m_pace;
};

TEST_F(GrowingTest, WhatHasBeenReadIsShownUntilAllHas) {
    readSlowly({linesOfSample(5000), linesOfSample(12000)});
    window->openFile(samplePath());
    EXPECT_EQ(state().analysis(), nullptr);
    nextPart(5000);
    EXPECT_TRUE(state().isGrowing());
    EXPECT_TRUE(window->findChild<Workspace*>()->isVisible());
    EXPECT_TRUE(window->windowTitle().startsWith("reference.log"));
    EXPECT_TRUE(status().contains("still being read, so far 5,000 lines")) << status().toStdString();
    EXPECT_TRUE(window->findChild<QToolButton*>("cancelButton")->isVisible());
    EXPECT_FALSE(window->commands()[Command::ExportFindingsCsv].isEnabled());
    EXPECT_TRUE(window->commands()[Command::GoTo].isEnabled());
    nextPart(12000);
    EXPECT_TRUE(status().contains("so far 12,000 lines")) << status().toStdString();
    rest();
    EXPECT_FALSE(status().contains("still")) << status().toStdString();
    EXPECT_FALSE(window->findChild<QToolButton*>("cancelButton")->isVisible());
    EXPECT_TRUE(window->commands()[Command::ExportFindingsCsv].isEnabled());
    EXPECT_EQ(window->document().path(), samplePath());
    trigger(Command::ShowEvents);
    auto& events = view("eventsView");
    const std::size_t count = state().analysis()->trace->events.count();
    EXPECT_TRUE(soon([&] { return static_cast<std::size_t>(events.model()->rowCount()) == count; }));
}

TEST_F(GrowingTest, TheLedgerIsThatOfWhatHasBeenRead) {
    readSlowly({linesOfSample(5000), linesOfSample(12000)});
    window->openFile(samplePath());
    nextPart(5000);
    const auto* grade = window->findChild<QToolButton*>("statusLedger");
    EXPECT_TRUE(grade->text().endsWith(" so far")) << grade->text().toStdString();
    trigger(Command::ShowLedger);
    const auto& panel = *window->findChild<LedgerPanel*>();
    const auto* head = window->findChild<QLabel*>("ledgerHead");
    const auto lines = [&panel] { return panel.ledger() ? panel.ledger()->totalLines : 0; };
    EXPECT_TRUE(soon([&] { return lines() == 5000; }));
    EXPECT_TRUE(head->text().contains("so far")) << head->text().toStdString();
    nextPart(12000);
    EXPECT_TRUE(soon([&] { return lines() == 12000; }));
    rest();
    EXPECT_TRUE(soon([&] { return lines() == state().analysis()->trace->source->lines(); }));
    EXPECT_TRUE(soon([&] { return !head->text().contains("so far"); }));
    EXPECT_EQ(grade->text(), "ledger: proven");
}

TEST_F(GrowingTest, TheWholeExtentFollowsTheGrowth) {
    readSlowly({linesOfSample(5000)});
    window->openFile(samplePath());
    nextPart(5000);
    awaitScene();
    EXPECT_TRUE(showsAllEvents());
    rest();
    awaitScene();
    EXPECT_TRUE(showsAllEvents());
}

TEST_F(GrowingTest, ARangeThatWasChosenStays) {
    readSlowly({linesOfSample(5000), linesOfSample(12000)});
    window->openFile(samplePath());
    nextPart(5000);
    awaitScene();
    timeline().zoom(4);
    const ViewRange chosen = state().range();
    nextPart(12000);
    awaitScene();
    rest();
    awaitScene();
    EXPECT_EQ(state().range().left, chosen.left);
    EXPECT_EQ(state().range().right, chosen.right);
}

TEST_F(GrowingTest, FilterSelectionAndHistoryAreThoseOfTheGrownFile) {
    readSlowly({linesOfSample(15000)});
    window->openFile(samplePath());
    nextPart(15000);
    state().selectLine(14890);
    state().selectLine(14896);
    filter("device:4");
    const AddressKey key = state().analysis()->key(state().selection().address);
    const auto part = state().analysis();
    rest();
    const Analysis& whole = *state().analysis();
    ASSERT_NE(part.get(), &whole);
    EXPECT_EQ(state().selection().line, 14896U);
    EXPECT_EQ(whole.key(state().selection().address), key);
    EXPECT_EQ(whole.key(whole.replay.lifetime(state().selection().lifetime).address), key);
    EXPECT_EQ(state().filterText(), "device:4");
    ASSERT_NE(state().filterResult(), nullptr);
    EXPECT_EQ(state().filterResult()->events.size(), whole.trace->events.count());
    EXPECT_EQ(filterEdit().text(), "device:4");
    trigger(Command::Back);
    trigger(Command::Back);
    EXPECT_EQ(state().selection().line, 14890U);
    EXPECT_EQ(state().filterText(), "");
}

TEST_F(GrowingTest, AFilterThatIsSetBetweenPartsHoldsForTheNext) {
    readSlowly({linesOfSample(5000)});
    window->openFile(samplePath());
    nextPart(5000);
    state().requestFilter("device:4");
    m_pace->next();
    EXPECT_TRUE(soon([&] { return !state().isGrowing() && state().filterResult(); }));
    EXPECT_EQ(state().filterResult()->events.size(), state().analysis()->trace->events.count());
    EXPECT_LT(state().filterResult()->eventCount, state().analysis()->trace->events.count());
}

TEST_F(GrowingTest, ALeakThatIsFreedLaterIsNoLongerSelected) {
    const QByteArray begin = "✓ [PID 7] Allocated 4096 bytes of DRAM on device 0 (buffer_id=1024)\n"
                             "✓ [PID 7] Allocated 512 bytes of DRAM on device 0 (buffer_id=64)\n";
    readSlowly({begin});
    window->openFile(writeFile("whole.log", begin + "✗ [PID 7] Freed buffer 1024 on device 0 (4096 bytes, FINAL)\n"));
    nextPart(2);
    const auto part = state().analysis();
    ASSERT_EQ(part->findings.rows.size(), 2U);
    state().selectEvent(EventId(std::uint32_t{0}));
    ASSERT_TRUE(state().selection().finding.isValid());
    rest();
    EXPECT_FALSE(state().selection().finding.isValid());
    EXPECT_EQ(state().selection().line, 1U);
    const Finding& other = part->findings.rows[1];
    ASSERT_EQ(part->key(other.address).address, 64U);
    state().select(selectionOf(*part, FindingId(std::uint32_t{1})), *part);
    EXPECT_EQ(state().selection().finding, FindingId(std::uint32_t{0})) << "a click in a view of the part";
}

TEST_F(GrowingTest, CancellingGoesBackToWhatWasOpen) {
    openSample();
    filter("device:4");
    state().selectLine(15261);
    awaitScene();
    timeline().zoom(8);
    const auto before = state().analysis();
    const auto passed = state().filterResult();
    const ViewRange range = state().range();
    readSlowly({linesOfSample(5000)});
    window->openFile(writeFile("other.log", m_sample));
    nextPart(5000);
    awaitScene();
    EXPECT_EQ(state().filterText(), "");
    QTest::mouseClick(window->findChild<QToolButton*>("cancelButton"), Qt::LeftButton);
    EXPECT_FALSE(state().isGrowing());
    EXPECT_EQ(state().analysis(), before);
    EXPECT_EQ(window->document().analysis(), before);
    EXPECT_EQ(window->document().path(), samplePath());
    EXPECT_TRUE(window->windowTitle().startsWith("reference.log"));
    EXPECT_EQ(state().filterText(), "device:4");
    EXPECT_EQ(filterEdit().text(), "device:4");
    EXPECT_EQ(state().filterResult(), passed);
    EXPECT_EQ(state().selection().line, 15261U);
    awaitScene();
    EXPECT_EQ(state().range(), range);
    EXPECT_TRUE(window->commands()[Command::ExportFindingsCsv].isEnabled());
    EXPECT_TRUE(window->commands()[Command::Back].isEnabled());
    filter("device:5");
    EXPECT_EQ(state().filterResult()->events.size(), before->trace->events.count());
}

TEST_F(GrowingTest, CancellingTheFirstFileGoesBackToTheStart) {
    readSlowly({linesOfSample(5000)});
    window->openFile(samplePath());
    nextPart(5000);
    awaitScene();
    window->document().cancel();
    EXPECT_EQ(state().analysis(), nullptr);
    EXPECT_TRUE(window->findChild<QWidget*>("startPage")->isVisible());
    EXPECT_FALSE(window->commands()[Command::Reload].isEnabled());
    EXPECT_EQ(window->windowTitle(), "AllocLens");
    EXPECT_EQ(window->document().path(), "");
}

TEST_F(GrowingTest, AFailureFarIntoTheFileGoesBackAndIsSaid) {
    openSample();
    const auto before = state().analysis();
    readSlowly({linesOfSample(5000)}, true);
    window->openFile(writeFile("other.log", m_sample));
    nextPart(5000);
    m_pace->next();
    EXPECT_TRUE(soon([&] { return messageText().contains("is shorter now"); }));
    EXPECT_EQ(state().analysis(), before);
    EXPECT_FALSE(state().isGrowing());
}

TEST_F(GrowingTest, OpeningAnotherFileMeanwhileCancels) {
    readSlowly({linesOfSample(5000)});
    window->openFile(writeFile("other.log", m_sample));
    nextPart(5000);
    readAtOnce();
    open(samplePath());
    EXPECT_FALSE(state().isGrowing());
    EXPECT_EQ(state().analysis()->trace->source->path(), samplePath().toStdString());
    awaitScene();
    EXPECT_TRUE(showsAllEvents());
}

TEST_F(GrowingTest, AReloadLeavesWhatIsOpenUntilAllHasBeenRead) {
    openSample();
    filter("device:4");
    state().selectLine(15261);
    const auto before = state().analysis();
    readSlowly({linesOfSample(5000)});
    trigger(Command::Reload);
    m_pace->next();
    QTest::qWait(50);
    EXPECT_EQ(state().analysis(), before);
    m_pace->next();
    ASSERT_TRUE(soon([&] { return state().analysis() != before; }));
    EXPECT_EQ(state().filterText(), "device:4");
    EXPECT_NE(state().filterResult(), nullptr);
    EXPECT_EQ(state().selection().line, 15261U);
}

TEST_F(GrowingTest, CancellingShowsWhatTheFilterSetLastLeaves) {
    openSample();
    filter("device:4");
    const auto ofDevice4 = state().filterResult();
    readSlowly({linesOfSample(5000)});
    {
        const RestlessFilter restless(state());
        window->openFile(writeFile("other.log", m_sample));
        nextPart(5000);
    }
    window->document().cancel();
    ASSERT_FALSE(state().isGrowing());
    EXPECT_NE(state().filterText(), "device:4");
    ASSERT_TRUE(soon([&] { return state().filterResult() != ofDevice4; }));
    FilterError error;
    const auto expected = applyFilter(*state().analysis(), *Filter::parse(state().filterText().toStdString(), error),
                                      {});
    EXPECT_EQ(state().filterResult()->eventCount, expected->eventCount);
}

TEST_F(GrowingTest, ATableStaysWhereItWasScrolledTo) {
    readSlowly({linesOfSample(5000), linesOfSample(12000)});
    window->openFile(samplePath());
    nextPart(5000);
    trigger(Command::ShowEvents);
    auto& events = dynamic_cast<QTableView&>(view("eventsView"));
    const auto isShown = [&] {
        return static_cast<std::size_t>(events.model()->rowCount()) == state().analysis()->trace->events.count();
    };
    ASSERT_TRUE(soon(isShown));
    events.selectRow(10);
    ASSERT_EQ(state().selection().event, EventId(std::uint32_t{10}));
    events.verticalScrollBar()->setValue(3000);
    nextPart(12000);
    ASSERT_TRUE(soon(isShown));
    EXPECT_EQ(events.verticalScrollBar()->value(), 3000);
    EXPECT_EQ(events.currentIndex().row(), 10);
    state().selectEvent(EventId(std::uint32_t{11'000}));
    EXPECT_GT(events.verticalScrollBar()->value(), 10'000) << "what is selected is brought into sight";
}

TEST_F(GrowingTest, ThereIsNowhereToGoBackToInAFileThatCameInParts) {
    readSlowly({linesOfSample(5000)});
    window->openFile(samplePath());
    nextPart(5000);
    rest();
    EXPECT_FALSE(state().canGoBack());
    EXPECT_FALSE(window->commands()[Command::Back].isEnabled());
    EXPECT_FALSE(window->commands()[Command::Forward].isEnabled());
    state().selectLine(100);
    EXPECT_TRUE(window->commands()[Command::Back].isEnabled());
}

TEST_F(GrowingTest, AFileIsNotComparedBeforeAllOfItHasBeenRead) {
    readSlowly({linesOfSample(5000)});
    window->openFile(samplePath());
    nextPart(5000);
    window->compareWith(samplePath());
    EXPECT_TRUE(messageText().contains("still loading")) << messageText().toStdString();
    rest();
    EXPECT_EQ(window->findChild<CompareView*>("compareView"), nullptr);
}

}  // namespace
}  // namespace alloclens
