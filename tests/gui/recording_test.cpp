// SPDX-License-Identifier: GPL-3.0-or-later
//
// File > Record: the window takes the server's place and shows what comes. The test is the program that is recorded.
#include <QAction>
#include <QCheckBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTimer>

#include <csignal>
#include <string>

#include "app/gui/look/words.h"
#include "app/gui/quit_signals.h"
#include "app/gui/window/follow_news.h"
#include "app/gui/window/record_dialog.h"
#include "tests/record/fixture.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

constexpr std::int32_t kProgram = 4'190'000;  // no process has this number

class RecordingTest : public WindowTest {
protected:
    /// The dialog, with place and file of this test typed in.
    RecordDialog& askToRecord() {
        trigger(Command::Record);
        auto* dialog = window->findChild<RecordDialog*>("recordDialog");
        if (dialog == nullptr) {
            ADD_FAILURE() << "there is no dialog";
            std::abort();
        }
        field(*dialog, "recordPath").setText(QString::fromStdString(m_trace));
        field(*dialog, "recordSocket").setText(QString::fromStdString(m_socket));
        return *dialog;
    }
    static QLineEdit& field(RecordDialog& dialog, const char* name) { return *dialog.findChild<QLineEdit*>(name); }
    static QPushButton& button(RecordDialog& dialog) { return *dialog.findChild<QPushButton*>("recordButton"); }
    static QLabel& problem(RecordDialog& dialog) { return *dialog.findChild<QLabel*>("recordProblem"); }
    static void press(RecordDialog& dialog) { QTest::mouseClick(&button(dialog), Qt::LeftButton); }

    /// A button of the question what becomes of the recording; null while it is not asked.
    [[nodiscard]] QPushButton* answer(const char* name) { return window->findChild<QPushButton*>(name); }

    void startRecording() {
        press(askToRecord());
        ASSERT_TRUE(soon([this] { return isRecording(); }));
        ASSERT_TRUE(soon([this] { return window->findChild<RecordDialog*>("recordDialog") == nullptr; }));
    }
    void stopRecording() {
        trigger(Command::StopFollowing);
        ASSERT_TRUE(soon([this] { return !isRecording() && !window->document().isFollowing(); }));
    }
    [[nodiscard]] bool isRecording() { return news().isVisible() && news().text().contains("recording"); }
    [[nodiscard]] FollowNews& news() { return *window->findChild<FollowNews*>("followNews"); }
    void awaitEvents(std::size_t count) {
        ASSERT_TRUE(soon([&] { return eventCount() == count; })) << eventCount();
    }
    [[nodiscard]] std::size_t eventCount() {
        return state().analysis() ? state().analysis()->trace->events.count() : 0;
    }

    // Each address is allocated and freed; every tenth is freed twice.
    static std::string workload(std::uint64_t from, std::uint64_t to) {
        std::string bytes;
        for (std::uint64_t i = from; i < to; ++i) {
            bytes += test::recordOf(
                test::allocationOf((i + 1) << 12, kProgram, 2048, static_cast<std::int32_t>(i % 4)));
            bytes += test::recordOf(test::freeOf((i + 1) << 12, kProgram, static_cast<std::int32_t>(i % 4)));
            if (i % 10 == 0)
                bytes += test::recordOf(test::freeOf((i + 1) << 12, kProgram, static_cast<std::int32_t>(i % 4)));
        }
        return bytes;
    }

    test::TemporaryFolder m_place;
    std::string m_trace = m_place.path("run.alens");
    std::string m_socket = m_place.path("s");
};

TEST_F(RecordingTest, WhatProgramsSendIsShownAsItComesAndIsWhatTheFileHolds) {
    startRecording();
    EXPECT_FALSE(window->commands()[Command::Record].isEnabled());
    EXPECT_EQ(window->commands()[Command::StopFollowing].text(), "S&top recording");
    test::Peer program(m_socket);
    ASSERT_TRUE(program.send(workload(0, 100)));
    awaitEvents(210);
    EXPECT_TRUE(window->windowTitle().startsWith("run.alens"));
    EXPECT_TRUE(state().analysis()->trace->hasTime());
    ASSERT_TRUE(program.send(workload(100, 1000)));
    awaitEvents(2100);
    // Said in the status line, and nowhere else.
    EXPECT_TRUE(soon([this] { return news().newDoubleFrees() > 0; }));
    EXPECT_TRUE(news().text().contains("new double free"));
    EXPECT_EQ(messageText(), "");
    EXPECT_EQ(state().selection().event, EventId());

    stopRecording();
    EXPECT_TRUE(messageText().startsWith("Recorded 2,100 messages as 2,100 events in ")) << messageText().toStdString();
    EXPECT_TRUE(messageText().contains("100 refused frees")) << messageText().toStdString();
    EXPECT_TRUE(window->commands()[Command::Record].isEnabled());
    EXPECT_FALSE(QFile::exists(QString::fromStdString(m_socket)));
    const auto shown = state().analysis();
    EXPECT_EQ(shown->trace->diagnostics.total(), 0U);
    const auto finished = test::analyseRecording(m_trace);
    EXPECT_EQ(finished->trace->diagnostics.total(), 0U);
    EXPECT_EQ(finished->trace->events.count(), shown->trace->events.count());
    const auto findings = test::findingsOf(*finished);
    EXPECT_EQ(findings, test::findingsOf(*shown));
    EXPECT_EQ(findings.size(), 100U);
}

TEST_F(RecordingTest, TheDeathOfAProgramIsShown) {
    startRecording();
    {
        test::Peer program(m_socket);
        ASSERT_TRUE(program.send(test::recordOf(test::allocationOf(4096, kProgram))));
        awaitEvents(1);
    }
    awaitEvents(2);
    EXPECT_EQ(state().analysis()->trace->events.kind[1], EventKind::Sweep);
    stopRecording();
    EXPECT_EQ(test::findingsOf(*state().analysis()), test::findingsOf(*test::analyseRecording(m_trace)));
}

TEST_F(RecordingTest, ASignalCompletesTheTraceAndEndsTheProgram) {
    const QuitSignals quitSignals;
    startRecording();
    test::Peer program(m_socket);
    ASSERT_TRUE(program.send(test::recordOf(test::allocationOf(4096, kProgram))));
    awaitEvents(1);
    QTimer::singleShot(0, qApp, [] { std::raise(SIGTERM); });
    constexpr int kPatienceMs = 60000;
    QTimer::singleShot(kPatienceMs, window.get(), [] { QCoreApplication::exit(1); });
    EXPECT_EQ(QApplication::exec(), 0);
    EXPECT_FALSE(window->recording().isRunning());
    EXPECT_FALSE(QFile::exists(QString::fromStdString(m_socket)));
    const auto analysis = test::analyseRecording(m_trace);
    EXPECT_EQ(analysis->trace->events.count(), 1U);
    EXPECT_EQ(analysis->trace->diagnostics.total(), 0U);
}

TEST_F(RecordingTest, ASocketInUseIsSaidInTheDialogAndCanBePutRight) {
    record::RecorderOptions other;
    other.path = m_place.path("other.alens");
    other.socket.path = m_socket;
    test::RunningRecorder server(other);
    RecordDialog& dialog = askToRecord();
    press(dialog);
    ASSERT_TRUE(soon([&] { return problem(dialog).isVisible(); }));
    EXPECT_TRUE(problem(dialog).text().contains(QString::fromStdString(m_socket)));
    EXPECT_TRUE(problem(dialog).text().contains("server")) << problem(dialog).text().toStdString();
    EXPECT_FALSE(QFile::exists(QString::fromStdString(m_trace))) << "nothing was made";
    EXPECT_FALSE(isRecording());
    EXPECT_TRUE(button(dialog).isEnabled());

    field(dialog, "recordSocket").setText(QString::fromStdString(m_place.path("t")));
    press(dialog);
    ASSERT_TRUE(soon([this] { return isRecording(); }));
    stopRecording();
    ASSERT_TRUE(server.stop());
}

TEST_F(RecordingTest, ATraceThatExistsIsNotOverwritten) {
    QFile file(QString::fromStdString(m_trace));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write("dear");
    file.close();
    RecordDialog& dialog = askToRecord();
    press(dialog);
    ASSERT_TRUE(soon([&] { return problem(dialog).isVisible(); }));
    EXPECT_TRUE(problem(dialog).text().contains("exists")) << problem(dialog).text().toStdString();
    EXPECT_EQ(test::readFile(m_trace), "dear");
    EXPECT_FALSE(QFile::exists(QString::fromStdString(m_socket)));
}

TEST_F(RecordingTest, ThatNothingHasComeYetIsSaidAndWhatWasOpenIsGone) {
    openSample();
    startRecording();
    EXPECT_EQ(state().analysis(), nullptr);
    EXPECT_TRUE(messageText().contains("Waiting for the first client")) << messageText().toStdString();
    EXPECT_EQ(news().text(), "recording, waiting for the first client");
    test::Peer program(m_socket);
    ASSERT_TRUE(program.send(workload(0, 100)));
    awaitEvents(210);
    EXPECT_EQ(messageText(), "");
    stopRecording();
}

TEST_F(RecordingTest, ClosingTheWindowAsksAndKeepsTheRecordingIfWanted) {
    startRecording();
    trigger(Command::Close);
    ASSERT_NE(answer("keepRecording"), nullptr);
    QTest::mouseClick(answer("keepRecording"), Qt::LeftButton);
    EXPECT_TRUE(window->isVisible());
    EXPECT_TRUE(window->recording().isRunning());
    ASSERT_TRUE(soon([this] { return answer("keepRecording") == nullptr; }));
    trigger(Command::Quit);
    ASSERT_NE(answer("stopAndClose"), nullptr);
    test::Peer program(m_socket);
    ASSERT_TRUE(program.send(workload(0, 100)));
    awaitEvents(210);
    QTest::mouseClick(answer("stopAndClose"), Qt::LeftButton);
    EXPECT_TRUE(soon([this] { return !window->isVisible(); }));
    EXPECT_FALSE(window->recording().isRunning());
    EXPECT_FALSE(QFile::exists(QString::fromStdString(m_socket)));
    const auto finished = test::analyseRecording(m_trace);
    EXPECT_EQ(finished->trace->events.count(), 210U);
    EXPECT_EQ(finished->trace->diagnostics.total(), 0U);
}

TEST_F(RecordingTest, OpeningAnotherFileAsksWhatBecomesOfTheRecording) {
    startRecording();
    test::Peer program(m_socket);
    ASSERT_TRUE(program.send(workload(0, 100)));
    awaitEvents(210);
    window->openFile(samplePath());
    ASSERT_NE(answer("cancelOpening"), nullptr);
    QTest::mouseClick(answer("cancelOpening"), Qt::LeftButton);
    EXPECT_TRUE(window->document().isFollowing());
    ASSERT_TRUE(soon([this] { return answer("keepRecording") == nullptr; }));

    window->openFile(samplePath());
    QTest::mouseClick(answer("keepRecording"), Qt::LeftButton);
    EXPECT_TRUE(soon([this] { return window->document().path() == samplePath() && state().analysis(); }));
    EXPECT_TRUE(window->recording().isRunning());
    EXPECT_EQ(news().text(), "recording into another file");
    window->openFile(samplePath());
    EXPECT_EQ(answer("keepRecording"), nullptr) << "it is not what is shown, so it is not left";
    ASSERT_TRUE(program.send(workload(100, 200)));
    window->recording().stop();
    EXPECT_TRUE(soon([this] { return !window->recording().isRunning(); }));
    EXPECT_EQ(test::analyseRecording(m_trace)->trace->diagnostics.total(), 0U);
}

TEST_F(RecordingTest, ARecordingThatIsStoppedForAnotherFileIsWhole) {
    startRecording();
    test::Peer program(m_socket);
    ASSERT_TRUE(program.send(workload(0, 100)));
    awaitEvents(210);
    window->openFile(samplePath());
    QTest::mouseClick(answer("stopRecording"), Qt::LeftButton);
    EXPECT_TRUE(soon([this] { return !window->recording().isRunning() && window->document().path() == samplePath(); }));
    EXPECT_EQ(test::analyseRecording(m_trace)->trace->events.count(), 210U);
    EXPECT_EQ(test::analyseRecording(m_trace)->trace->diagnostics.total(), 0U);
}

TEST_F(RecordingTest, ClosingTheWindowCompletesTheFile) {
    startRecording();
    test::Peer program(m_socket);
    ASSERT_TRUE(program.send(workload(0, 100)));
    awaitEvents(210);
    window.reset();
    const auto finished = test::analyseRecording(m_trace);
    EXPECT_EQ(finished->trace->events.count(), 210U);
    EXPECT_EQ(finished->trace->diagnostics.total(), 0U);
}

}  // namespace
}  // namespace alloclens
