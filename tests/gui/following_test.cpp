// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file that is shown while a program writes it. The test is that program.
#include <QAction>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QTreeView>

#include <string>

#include "app/gui/panels/findings/findings_model.h"
#include "app/gui/panels/source/source_view.h"
#include "app/gui/timeline/timeline_view.h"
#include "app/gui/window/follow_news.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class FollowingTest : public WindowTest {
protected:
    FollowingTest() {
        QFile sample(samplePath());
        EXPECT_TRUE(sample.open(QIODevice::ReadOnly));
        m_sample = sample.readAll();
    }

    void write(const QByteArray& bytes, QIODevice::OpenMode mode = QIODevice::Append) {
        QFile file(m_path);
        ASSERT_TRUE(file.open(mode | QIODevice::WriteOnly));
        ASSERT_EQ(file.write(bytes), bytes.size());
    }
    /// The lines [from, to) of the sample, counted from 0.
    [[nodiscard]] QByteArray lines(int from, int to) const {
        qsizetype begin = 0;
        for (int i = 0; i < from; ++i) begin = m_sample.indexOf('\n', begin) + 1;
        qsizetype end = begin;
        for (int i = from; i < to; ++i) end = m_sample.indexOf('\n', end) + 1;
        return m_sample.mid(begin, end - begin);
    }
    void follow(const QByteArray& bytes) {
        write(bytes);
        window->followFile(m_path);
    }
    void awaitLines(std::uint32_t count) {
        ASSERT_TRUE(soon([&] { return state().analysis() && state().analysis()->trace->source->lines() == count; }))
            << (state().analysis() ? state().analysis()->trace->source->lines() : 0);
        ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    }
    void stop() {
        trigger(Command::StopFollowing);
        ASSERT_TRUE(soon([&] { return !window->document().isFollowing(); }));
    }
    [[nodiscard]] TimelineView& timeline() { return *window->findChild<TimelineView*>("timeline"); }
    [[nodiscard]] FollowNews& news() { return *window->findChild<FollowNews*>("followNews"); }
    [[nodiscard]] double eventCount() { return static_cast<double>(state().analysis()->trace->events.count()); }

    QByteArray m_sample;
    QString m_path = temporaryPath("growing.log");
};

TEST_F(FollowingTest, WhatIsWrittenIsShownAndEqualsTheFinishedFile) {
    follow(lines(0, 5000));
    awaitLines(5000);
    EXPECT_TRUE(state().isFollowing());
    EXPECT_TRUE(window->windowTitle().startsWith("growing.log"));
    EXPECT_TRUE(news().isVisible());
    write(lines(5000, 12000));
    awaitLines(12000);
    write(m_sample.mid(lines(0, 12000).size()));
    awaitLines(static_cast<std::uint32_t>(m_sample.count('\n')));
    stop();
    EXPECT_FALSE(state().isFollowing());
    EXPECT_FALSE(window->commands()[Command::StopFollowing].isEnabled());
    const auto followed = state().analysis();
    open(m_path);
    const auto opened = state().analysis();
    ASSERT_NE(followed, opened);
    ASSERT_EQ(followed->findings.rows.size(), opened->findings.rows.size());
    ASSERT_GT(opened->findings.rows.size(), 1000U);
    for (std::size_t i = 0; i < opened->findings.rows.size(); ++i) {
        ASSERT_EQ(followed->findings.rows[i].kind, opened->findings.rows[i].kind);
        ASSERT_EQ(followed->findings.rows[i].primary, opened->findings.rows[i].primary);
        ASSERT_EQ(followed->findings.rows[i].address, opened->findings.rows[i].address);
    }
    EXPECT_EQ(followed->trace->events.count(), opened->trace->events.count());
    EXPECT_EQ(followed->trace->diagnostics.total(), opened->trace->diagnostics.total());
}

TEST_F(FollowingTest, ALineWithoutItsEndIsReadWhenFollowingStops) {
    follow(lines(0, 100) + "✓ [PID 7] Allocated 4096 bytes of DRAM on device 0 (buffer_id=77)");
    awaitLines(100);
    stop();
    EXPECT_EQ(state().analysis()->trace->source->lines(), 101U);
    EXPECT_TRUE(state().analysis()->trace->findAddress({0, 77}).isValid());
}

TEST_F(FollowingTest, AnEmptyFileIsWaitedFor) {
    follow({});
    EXPECT_TRUE(window->document().isFollowing());
    EXPECT_EQ(state().analysis(), nullptr);
    write(lines(0, 300));
    awaitLines(300);
    EXPECT_EQ(messageText(), "");
}

TEST_F(FollowingTest, TheNewestEventsStayInViewUntilTheUserPansAway) {
    follow(lines(0, 5000));
    awaitLines(5000);
    EXPECT_GE(state().range().right, eventCount());
    ViewRange last = state().range();
    const double quarter = eventCount() / 4;
    state().setRange({eventCount() - quarter, eventCount(), last.top, last.bottom}, *timeline().scene());
    write(lines(5000, 8000));
    awaitLines(8000);
    EXPECT_DOUBLE_EQ(state().range().right, eventCount());
    EXPECT_NEAR(state().range().right - state().range().left, quarter, 1e-6);
    timeline().pan(-0.5, 0);
    last = state().range();
    write(lines(8000, 9000));
    awaitLines(9000);
    EXPECT_EQ(state().range().left, last.left);
    EXPECT_EQ(state().range().right, last.right);
    timeline().showAll();
    write(lines(9000, 9500));
    awaitLines(9500);
    EXPECT_LE(state().range().left, 0);
    EXPECT_GE(state().range().right, eventCount());
}

TEST_F(FollowingTest, TheSourceFollowsItsEndUntilItIsScrolledAway) {
    follow(lines(0, 500));
    awaitLines(500);
    trigger(Command::ShowSource);
    auto& source = *window->findChild<SourceView*>("sourceView");
    QTest::keyClick(&source, Qt::Key_End, Qt::ControlModifier);
    write(lines(500, 900));
    awaitLines(900);
    EXPECT_TRUE(soon([&] { return source.shownText(900) == QString::fromUtf8(lines(899, 900).trimmed()); }));
    QTest::keyClick(&source, Qt::Key_Home, Qt::ControlModifier);
    EXPECT_EQ(source.firstVisibleLine(), 1U);
    write(lines(900, 1000));
    awaitLines(1000);
    EXPECT_EQ(source.firstVisibleLine(), 1U);
}

TEST_F(FollowingTest, NewDoubleFreesAreAnnouncedAndLeadToTheFirst) {
    follow(lines(0, 15000));
    awaitLines(15000);
    EXPECT_EQ(news().newDoubleFrees(), 0U);
    const std::size_t before = state().analysis()->trace->events.count();
    write(lines(15000, 15300));
    awaitLines(15300);
    EXPECT_GT(news().newDoubleFrees(), 0U);
    EXPECT_TRUE(news().text().contains("new double free")) << news().text().toStdString();
    EXPECT_FALSE(state().selection().event.isValid()) << "nothing is selected unasked";
    QTest::mouseClick(&news(), Qt::LeftButton);
    EXPECT_EQ(news().newDoubleFrees(), 0U);
    ASSERT_TRUE(state().selection().finding.isValid());
    EXPECT_GE(state().selection().event.index(), before);
    EXPECT_LT(state().range().left, static_cast<double>(state().selection().event.index()));
    EXPECT_GT(state().range().right, static_cast<double>(state().selection().event.index()));
}

TEST_F(FollowingTest, AFilterThatIsTypedHoldsForWhatComes) {
    follow(lines(0, 5000));
    awaitLines(5000);
    filter("device:4");
    write(lines(5000, 9000));
    awaitLines(9000);
    EXPECT_EQ(state().filterText(), "device:4");
    ASSERT_NE(state().filterResult(), nullptr);
    EXPECT_EQ(state().filterResult()->events.size(), state().analysis()->trace->events.count());
}

TEST_F(FollowingTest, TruncationIsSaidAndTheFileFollowedFromItsBeginning) {
    follow(lines(0, 5000));
    awaitLines(5000);
    filter("device:4");
    write(lines(0, 200), QIODevice::Truncate);
    awaitLines(200);
    EXPECT_TRUE(messageText().contains("truncated")) << messageText().toStdString();
    EXPECT_TRUE(state().isFollowing());
    EXPECT_EQ(state().filterText(), "device:4");
    EXPECT_TRUE(soon([&] { return state().filterResult() != nullptr; }));
    write(lines(200, 400));
    awaitLines(400);
}

TEST_F(FollowingTest, OverwritingWithALongerLogIsSaidAndFollowedFromItsBeginning) {
    follow(lines(0, 1000));
    awaitLines(1000);
    write(lines(4000, 6000), QIODevice::Truncate);
    awaitLines(2000);
    EXPECT_TRUE(messageText().contains("AllocLens follows it from its beginning")) << messageText().toStdString();
    EXPECT_TRUE(state().isFollowing());
}

TEST_F(FollowingTest, TruncationToNothingAndDeletionAreSaidWhileWhatWasReadStays) {
    follow(lines(0, 1000));
    awaitLines(1000);
    ASSERT_TRUE(QFile::remove(m_path));
    EXPECT_TRUE(soon([&] { return messageText().contains("was deleted"); })) << messageText().toStdString();
    EXPECT_EQ(state().analysis()->trace->source->lines(), 1000U);
    write(lines(0, 300));
    awaitLines(300);
    write({}, QIODevice::Truncate);
    EXPECT_TRUE(soon([&] { return messageText().contains("truncated"); })) << messageText().toStdString();
    EXPECT_EQ(state().analysis()->trace->source->lines(), 300U);
    EXPECT_TRUE(state().isFollowing());
}

TEST_F(FollowingTest, ARotatedLogIsReadToItsEndAndThenTheNewOneFollowed) {
    follow(lines(0, 1000));
    awaitLines(1000);
    ASSERT_TRUE(QFile::rename(m_path, m_path + ".1"));
    write(lines(0, 150));
    awaitLines(150);
    EXPECT_TRUE(messageText().contains("replaced by another file")) << messageText().toStdString();
}

TEST_F(FollowingTest, OpeningAnotherFileEndsIt) {
    follow(lines(0, 1000));
    awaitLines(1000);
    openSample();
    EXPECT_FALSE(window->document().isFollowing());
    EXPECT_FALSE(state().isFollowing());
    EXPECT_FALSE(window->commands()[Command::StopFollowing].isEnabled());
    const auto analysis = state().analysis();
    write(lines(1000, 1100));
    QTest::qWait(300);
    EXPECT_EQ(state().analysis(), analysis);
}

TEST_F(FollowingTest, WhatCannotBeFollowedIsSaidAndLeavesWhatWasOpen) {
    openSample();
    const auto before = state().analysis();
    window->followFile(temporaryPath("missing.log"));
    ASSERT_TRUE(soon([&] { return !messageText().isEmpty(); }));
    EXPECT_TRUE(messageText().contains("does not exist")) << messageText().toStdString();
    EXPECT_FALSE(window->document().isFollowing());
    EXPECT_EQ(state().analysis(), before);
    EXPECT_EQ(window->document().path(), samplePath());
}

TEST_F(FollowingTest, TheFindingsStayAsTheyWereUnfoldedAndScrolled) {
    follow(lines(0, 16000));
    awaitLines(16000);
    auto& tree = dynamic_cast<QTreeView&>(view("findingsView"));
    const auto& model = dynamic_cast<const FindingsModel&>(*tree.model());
    const auto isShown = [&] { return model.tree() != nullptr && model.tree()->analysis == state().analysis(); };
    const auto clusterOf = [&](int row) { return model.index(row, 0).data().toString(); };
    ASSERT_TRUE(soon(isShown));
    ASSERT_GT(model.rowCount(), 2);
    ASSERT_GT(model.rowCount(model.index(1, 0)), 1);
    const QString unfolded = clusterOf(1);
    tree.expand(model.index(1, 0));
    tree.setCurrentIndex(model.index(2, 0));
    EXPECT_FALSE(state().selection().finding.isValid()) << "a cluster is no finding";
    tree.verticalScrollBar()->setValue(1);
    write(lines(16000, 16001));
    awaitLines(16001);
    ASSERT_TRUE(soon(isShown));
    ASSERT_EQ(clusterOf(1), unfolded);
    EXPECT_FALSE(tree.isExpanded(model.index(0, 0)));
    EXPECT_TRUE(tree.isExpanded(model.index(1, 0)));
    EXPECT_EQ(tree.currentIndex(), model.index(2, 0));
    EXPECT_EQ(tree.verticalScrollBar()->value(), 1);

    tree.setCurrentIndex(model.index(0, 0, model.index(1, 0)));
    const FindingId selected = state().selection().finding;
    ASSERT_TRUE(selected.isValid());
    tree.collapse(model.index(1, 0));
    tree.verticalScrollBar()->setValue(tree.verticalScrollBar()->maximum());
    const int end = tree.verticalScrollBar()->value();
    write(lines(16001, 16002));
    awaitLines(16002);
    ASSERT_TRUE(soon(isShown));
    EXPECT_FALSE(tree.isExpanded(model.index(1, 0))) << "nobody asked for it";
    EXPECT_EQ(tree.verticalScrollBar()->value(), end);
    EXPECT_EQ(model.findingAt(tree.currentIndex()), state().selection().finding);
    state().selectFinding(FindingId(std::size_t{0}));
    EXPECT_EQ(model.findingAt(tree.currentIndex()), FindingId(std::size_t{0}));
    EXPECT_FALSE(tree.visualRect(tree.currentIndex()).isEmpty()) << "what is selected is brought into sight";
}

}  // namespace
}  // namespace alloclens
