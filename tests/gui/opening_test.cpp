// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QToolButton>
#include <QUrl>

#include "app/gui/document/recent_files.h"
#include "app/gui/timeline/timeline_view.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class OpeningTest : public WindowTest {};

TEST_F(OpeningTest, AnEmptyWindowSaysHowToBegin) {
    const auto* start = window->findChild<QWidget*>("startPage");
    ASSERT_NE(start, nullptr);
    EXPECT_TRUE(start->isVisible());
    QStringList buttons;
    for (const auto* button : start->findChildren<QPushButton*>()) buttons += button->text();
    EXPECT_EQ(buttons, QStringList({"Open a log", "Open the sample"}));
    EXPECT_FALSE(window->commands()[Command::Reload].isEnabled());
}

TEST_F(OpeningTest, AFileThatIsDroppedIsOpened) {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(samplePath())});
    QDragEnterEvent enter(QPoint(200, 200), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window.get(), &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent drop(QPointF(200, 200), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window.get(), &drop);
    EXPECT_TRUE(soon([&] { return state().analysis() != nullptr; }));
    EXPECT_EQ(window->document().path(), samplePath());
}

TEST_F(OpeningTest, AFileThatIsChosenInTheDialogIsOpened) {
    trigger(Command::Open);
    answerFileDialog("openDialog", samplePath());
    EXPECT_TRUE(soon([&] { return state().analysis() != nullptr; }));
    EXPECT_TRUE(window->windowTitle().startsWith("reference.log"));
}

TEST_F(OpeningTest, TheSamplesMenuOffersEachSampleAndOpensIt) {
    auto* menu = window->findChild<QMenu*>("samplesMenu");
    ASSERT_NE(menu, nullptr);
    emit menu->aboutToShow();
    QStringList names;
    for (const QAction* action : menu->actions()) names += action->text();
    EXPECT_EQ(names,
              QStringList({"reference.log", "g0.log", "g1.log", "g1e.log", "g2.log", "g3.log", "g4.log", "g5.log"}));
    menu->actions().at(3)->trigger();
    EXPECT_TRUE(soon([&] { return state().analysis() != nullptr; }));
    EXPECT_TRUE(window->windowTitle().startsWith("g1e.log"));
    EXPECT_TRUE(state().analysis()->trace->rules.keepsLastSize);
    EXPECT_TRUE(recentFiles().isEmpty()) << "samples are not remembered";
}

TEST_F(OpeningTest, TheStatusLineSaysWhatIsOpen) {
    openSample();
    const QString text = window->findChild<QLabel*>("statusDocument")->text();
    EXPECT_TRUE(text.startsWith("reference.log · ")) << text.toStdString();
    EXPECT_TRUE(text.contains(" events · ")) << text.toStdString();
    EXPECT_TRUE(text.contains(" refused frees")) << text.toStdString();
}

TEST_F(OpeningTest, AFileThatIsNoLogIsSaidInTheStripAndTheOpenOneStaysOpen) {
    openSample();
    const auto before = state().analysis();
    const QString broken = writeFile("holiday.txt", "Dear all,\nthe sea is warm.\n");
    window->openFile(broken);
    EXPECT_TRUE(soon([&] { return !messageText().isEmpty(); }));
    EXPECT_TRUE(messageText().contains("holiday.txt")) << messageText().toStdString();
    EXPECT_EQ(state().analysis(), before);
    EXPECT_EQ(window->document().path(), samplePath());
    EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
}

TEST_F(OpeningTest, AMissingFileIsSaidInTheStrip) {
    window->openFile(temporaryPath("nowhere.log"));
    EXPECT_TRUE(soon([&] { return messageText().contains("nowhere.log"); }));
    EXPECT_EQ(state().analysis(), nullptr);
}

TEST_F(OpeningTest, LoadingCanBeCancelledAndTheOpenFileStaysOpen) {
    openSample();
    QFile sample(samplePath());
    ASSERT_TRUE(sample.open(QIODevice::ReadOnly));
    const QString large = writeFile("large.log", sample.readAll().repeated(40));
    const auto before = state().analysis();
    window->openFile(large);
    auto* cancel = window->findChild<QToolButton*>("cancelButton");
    EXPECT_TRUE(cancel->isVisible());
    EXPECT_TRUE(window->findChild<QProgressBar*>("progressBar")->isVisible());
    QTest::mouseClick(cancel, Qt::LeftButton);
    EXPECT_FALSE(window->document().isLoading());
    EXPECT_FALSE(cancel->isVisible());
    QTest::qWait(300);
    EXPECT_EQ(state().analysis(), before);
    EXPECT_TRUE(messageText().isEmpty());
}

TEST_F(OpeningTest, AWindowMayBeClosedWhileItLoads) {
    QFile sample(samplePath());
    ASSERT_TRUE(sample.open(QIODevice::ReadOnly));
    window->openFile(writeFile("large.log", sample.readAll().repeated(20)));
    window.reset();
    QTest::qWait(50);
}

TEST_F(OpeningTest, AReloadKeepsFilterAndLine) {
    openSample();
    filter("device:4");
    state().selectLine(15261);
    const auto before = state().analysis();
    trigger(Command::Reload);
    EXPECT_TRUE(soon([&] { return state().analysis() != before && state().filterResult() != nullptr; }));
    EXPECT_EQ(state().filterText(), "device:4");
    EXPECT_EQ(filterEdit().text(), "device:4");
    EXPECT_EQ(state().selection().line, 15261U);
}

TEST_F(OpeningTest, AReloadKeepsZoomHistoryAndTheFilterThatIsSet) {
    openSample();
    filter("device:4");
    state().selectLine(14896);
    state().selectLine(15261);
    ASSERT_TRUE(soon([&] { return window->findChild<TimelineView*>()->isUpToDate(); }));
    trigger(Command::ZoomIn);
    trigger(Command::ZoomIn);
    const ViewRange range = state().range();
    const auto before = state().analysis();
    trigger(Command::Reload);
    ASSERT_TRUE(soon([&] { return state().analysis() != before; }));
    ASSERT_NE(state().filterResult(), nullptr) << "it comes with the filter, not some time after";
    EXPECT_EQ(state().filterResult()->events.size(), state().analysis()->trace->events.count());
    ASSERT_TRUE(soon([&] { return window->findChild<TimelineView*>()->isUpToDate(); }));
    EXPECT_EQ(state().range(), range);
    EXPECT_TRUE(state().selection().finding.isValid());
    EXPECT_TRUE(state().canGoBack());
    trigger(Command::Back);
    EXPECT_EQ(state().selection().line, 14896U);
}

TEST_F(OpeningTest, AReloadOfAFileThatWasWrittenAnewShowsTheNewOne) {
    const QString path = writeFile("mine.log", "[PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=64)\n"
                                               "[PID 7] Freed buffer 64 on device 0 (4096 bytes, FINAL)\n");
    open(path);
    state().selectLine(2);
    const auto before = state().analysis();
    EXPECT_EQ(path, writeFile("mine.log", "[PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=128)\n"));
    trigger(Command::Reload);
    ASSERT_TRUE(soon([&] { return state().analysis() != before; }));
    EXPECT_EQ(state().analysis()->trace->events.count(), 1U);
    EXPECT_FALSE(state().selection().event.isValid());
}

TEST_F(OpeningTest, AFileOfNoKnownFormatIsSaidWithAWayThatTheWindowHas) {
    window->openFile(writeFile("picture.bin", QByteArray("\x01\xfe\x02\xfd", 4).repeated(300)));
    ASSERT_TRUE(soon([&] { return !messageText().isEmpty(); }));
    EXPECT_TRUE(messageText().contains("File > Open as")) << messageText().toStdString();
    EXPECT_FALSE(messageText().contains("--")) << messageText().toStdString();
    const auto* menu = window->findChild<QMenu*>("openAsMenu");
    ASSERT_NE(menu, nullptr);
    EXPECT_FALSE(menu->actions().isEmpty());
    window->openFileAs(samplePath(), "server-log");
    ASSERT_TRUE(soon([&] { return state().analysis() != nullptr; }));
    EXPECT_EQ(state().analysis()->trace->formatName, "server-log");
}

TEST_F(OpeningTest, WhatIsToKnowOfAFileIsSaidOnce) {
    open(writeFile("few.log", "\xF0\x9F\x9A\x80 Allocation Server started\n   Listening on: /tmp/s\n"));
    EXPECT_TRUE(messageText().contains("has no allocation or free")) << messageText().toStdString();
    window->findChild<QWidget*>("messageStrip")->hide();
    const auto before = state().analysis();
    trigger(Command::Reload);
    ASSERT_TRUE(soon([&] { return state().analysis() != before; }));
    EXPECT_EQ(messageText(), "") << "whoever closed it has read it";
}

TEST_F(OpeningTest, ANarrowWindowKeepsTheFilterInARowOfItsOwn) {
    openSample();
    for (const int width : {1600, 1000, 700, 1600}) {
        window->resize(width, 640);
        QTest::qWait(50);
        EXPECT_TRUE(filterEdit().isVisible()) << width;
        EXPECT_GE(filterEdit().width(), 200) << width;
        EXPECT_LE(filterEdit().mapTo(window.get(), QPoint(filterEdit().width(), 0)).x(), window->width());
    }
}

TEST_F(OpeningTest, WhatWasOpenedIsRemembered) {
    QFile sample(samplePath());
    ASSERT_TRUE(sample.open(QIODevice::ReadOnly));
    const QString path = writeFile("mine.log", sample.readAll());
    open(path);
    EXPECT_EQ(recentFiles(), QStringList{path});
}

TEST_F(OpeningTest, AWindowThatOpenedNothingLeavesTheDividersAsTheyWere) {
    const QByteArray left("as another window left them");
    QSettings().setValue("window/upper", left);
    QSettings().setValue("window/lower", left);
    window->close();
    EXPECT_EQ(QSettings().value("window/upper").toByteArray(), left);
    EXPECT_EQ(QSettings().value("window/lower").toByteArray(), left);
    window->show();
    openSample();
    window->close();
    EXPECT_NE(QSettings().value("window/upper").toByteArray(), left);
    EXPECT_NE(QSettings().value("window/lower").toByteArray(), left);
}

}  // namespace
}  // namespace alloclens
