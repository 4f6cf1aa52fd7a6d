// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the window exports is what the command line prints: both call the same report.
#include <QAction>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QImage>
#include <QMenu>
#include <QProcess>
#include <QTemporaryDir>
#include <QToolButton>

#include <algorithm>
#include <sstream>

#include "app/gui/command_line.h"
#include "app/gui/picture_of_file.h"
#include "app/gui/window/export_name.h"
#include "app/gui/window/file_export.h"
#include "core/report/report.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class ExportTest : public WindowTest {
protected:
    [[nodiscard]] QByteArray reported(const char* format) {
        ReportInput input;
        input.analysis = state().analysis().get();
        input.filter = state().filterResult().get();
        input.filterText = state().filterText().toStdString();
        std::ostringstream out;
        EXPECT_TRUE(findReport("findings", format)->write(input, out));
        return QByteArray::fromStdString(out.str());
    }

    [[nodiscard]] QByteArray exported(Command command, const QString& name) {
        const QString path = temporaryPath(name);
        trigger(command);
        answerFileDialog("exportDialog", path);
        EXPECT_TRUE(soon([&] { return messageText().contains(name); }));
        QFile file(path);
        EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << messageText().toStdString();
        return file.readAll();
    }
};

TEST_F(ExportTest, FindingsAsCsvAreTheReport) {
    openSample();
    const QByteArray bytes = exported(Command::ExportFindingsCsv, "findings.csv");
    EXPECT_FALSE(bytes.isEmpty());
    EXPECT_EQ(bytes, reported("csv"));
}

// A file that begins to load switches the button off, and with it what belongs to it.
TEST_F(ExportTest, TheOpenMenuIsLeftByKeyAlthoughItsButtonIsSwitchedOff) {
    openSample();
    const QAction& action = window->commands()[Command::ExportTimeline];
    const auto buttons = window->findChildren<QToolButton*>();
    const auto isExport = [&](const QToolButton* button) {
        return button->menu() != nullptr && button->menu()->actions().contains(&action);
    };
    const auto button = std::find_if(buttons.begin(), buttons.end(), isExport);
    ASSERT_NE(button, buttons.end());
    QMenu* menu = (*button)->menu();
    menu->popup(window->mapToGlobal(QPoint(40, 40)));
    (*button)->setEnabled(false);
    QTest::keyClick(menu, Qt::Key_Escape);
    EXPECT_FALSE(menu->isVisible());
}

TEST_F(ExportTest, FilteredFindingsAsJsonAreTheReport) {
    openSample();
    filter("device:4 kind:double-free");
    const QByteArray bytes = exported(Command::ExportFindingsJson, "findings.json");
    EXPECT_TRUE(bytes.contains("\"line\""));
    EXPECT_EQ(bytes, reported("json"));
}

TEST_F(ExportTest, TheFileIsWhatTheCommandLinePrintsByteForByte) {
    openSample();
    filter("device:4 kind:double-free,leak");
    QProcess cli;
    cli.start(ALLOCLENS_CLI,
              {"findings", samplePath(), "--format", "csv", "--filter", "device:4 kind:double-free,leak"});
    ASSERT_TRUE(cli.waitForFinished());
    ASSERT_EQ(cli.exitCode(), 0);
    const QByteArray printed = cli.readAllStandardOutput();
    EXPECT_TRUE(printed.contains("double-free:4:0x296db600:g1:1"));
    EXPECT_EQ(exported(Command::ExportFindingsCsv, "findings.csv"), printed);
    cli.start(ALLOCLENS_CLI,
              {"findings", samplePath(), "--format", "json", "--filter", "device:4 kind:double-free,leak"});
    ASSERT_TRUE(cli.waitForFinished());
    EXPECT_EQ(exported(Command::ExportFindingsJson, "findings.json"), cli.readAllStandardOutput());
}

TEST_F(ExportTest, TheFilterOfATableIsSaidByItsNameAndByTheMessage) {
    openSample();
    filter("device:4 kind:double-free");
    trigger(Command::ExportFindingsCsv);
    auto* dialog = window->findChild<QFileDialog*>("exportDialog");
    ASSERT_NE(dialog, nullptr);
    EXPECT_EQ(QFileInfo(dialog->selectedFiles().value(0)).fileName(), "reference.device=4_kind=double-free.csv");
    answerFileDialog("exportDialog", temporaryPath("findings.csv"));
    EXPECT_TRUE(soon([&] { return messageText().contains("pass the filter device:4 kind:double-free were written"); }))
        << messageText().toStdString();
}

TEST(ExportName, HasOnlyLettersThatEveryFileSystemTakes) {
    EXPECT_EQ(exportName("/logs/run.log.gz", "", "csv"), "run.log.csv");
    EXPECT_EQ(exportName("/logs/run.log", "-pid:7 size:>=1MiB", "csv"), "run.-pid=7_size=above=1MiB.csv");
    EXPECT_EQ(exportName("/logs/run.log", "lifecycle:/FU+$/ text:\"a/b\"", "csv"), "run.lifecycle=~FU+~~_text=a~b.csv");
    EXPECT_EQ(exportName("/logs/run.log", QString(5000, 'x'), "csv").size(), 4 + 80 + 1 + 4) << "cut";
}

TEST_F(ExportTest, APlaceThatCannotBeWrittenIsSaid) {
    openSample();
    const QString path = temporaryPath("no/such/folder/findings.csv");
    window->findChild<FileExport*>()->exportFindings(path, "csv");
    EXPECT_TRUE(soon([&] { return messageText().contains("no/such/folder"); }));
    EXPECT_FALSE(messageText().contains("were written")) << messageText().toStdString();
    EXPECT_FALSE(QFileInfo::exists(path));
}

TEST_F(ExportTest, TheLogThatIsOpenIsNotReplaced) {
    const QString path = temporaryPath("open.png");  // a name that both exports take
    ASSERT_TRUE(QFile::copy(samplePath(), path));
    open(path);
    const qint64 size = QFileInfo(path).size();
    window->findChild<FileExport*>()->exportFindings(path, "csv");
    EXPECT_TRUE(soon([&] { return messageText().contains("would replace the log that is open"); }))
        << messageText().toStdString();
    window->findChild<FileExport*>()->exportTimeline(path, 1);
    EXPECT_TRUE(messageText().contains("would replace the log that is open")) << messageText().toStdString();
    EXPECT_EQ(QFileInfo(path).size(), size);
}

TEST_F(ExportTest, AnotherExportDoesNotHideThatOneFailed) {
    openSample();
    auto& exports = *window->findChild<FileExport*>();
    QStringList said;
    QObject::connect(&exports, &FileExport::said, [&said](const QString& sentence) { said += sentence; });
    exports.exportFindings(temporaryPath("no/such/folder/findings.csv"), "csv");
    exports.exportFindings(temporaryPath("findings.csv"), "csv");
    ASSERT_TRUE(soon([&] { return said.size() == 2; })) << said.join('\n').toStdString();
    EXPECT_EQ(said.filter("no/such/folder").size(), 1);
    EXPECT_EQ(said.filter("were written").size(), 1);
}

TEST_F(ExportTest, AWindowThatIsClosedMeanwhileDoesNotWaitAndTheFileIsWritten) {
    openSample();
    const QByteArray expected = reported("json");
    const QString path = temporaryPath("findings.json");
    window->findChild<FileExport*>()->exportFindings(path, "json");
    window.reset();
    EXPECT_NE(qApp->findChild<Job*>(), nullptr) << "it goes on";
    ASSERT_TRUE(soon([&] { return qApp->findChild<Job*>() == nullptr; }));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    EXPECT_EQ(file.readAll(), expected);
}

TEST_F(ExportTest, TheTimelineIsWrittenAsAPicture) {
    openSample();
    const QSize size = window->findChild<QWidget*>("timeline")->size();
    trigger(Command::ExportTimeline);
    const QString path = temporaryPath("timeline.png");
    answerFileDialog("exportDialog", path);
    EXPECT_TRUE(soon([&] { return messageText().contains("timeline.png"); }));
    const QImage picture(path);
    EXPECT_EQ(picture.size(), 2 * size) << "finer than the screen";
}

TEST_F(ExportTest, ThePictureMayBeAsLargeAsOnTheScreenOrFourTimes) {
    openSample();
    for (const int scale : {1, 4}) {
        const QSize size = window->findChild<QWidget*>("timeline")->size();  // a message takes some of it
        trigger(Command::ExportTimeline);
        auto* dialog = window->findChild<QFileDialog*>("exportDialog");
        ASSERT_NE(dialog, nullptr);
        const QString pixels = QStringLiteral("%1 × %2 pixels").arg(scale * size.width()).arg(scale * size.height());
        const QStringList offered = dialog->nameFilters().filter(pixels);
        ASSERT_EQ(offered.size(), 1) << dialog->nameFilters().join('\n').toStdString();
        dialog->selectNameFilter(offered.front());
        const QString name = QStringLiteral("timeline%1.png").arg(scale);
        answerFileDialog("exportDialog", temporaryPath(name));
        ASSERT_TRUE(soon([&] { return messageText().contains(name); }));
        EXPECT_EQ(QImage(temporaryPath(name)).size(), scale * size);
    }
}

TEST(PictureOfAFile, HasTheSizeAndScaleThatTheCommandLineAsksFor) {
    const QTemporaryDir folder;
    const QString path = folder.filePath("timeline.png");
    const QString sample = QStringLiteral(ALLOCLENS_SAMPLES_DIR "/reference.log");
    const QStringList asked{"alloclens", "--size=800x500", "--scale", "1.5", "--export-timeline", path, sample};
    EXPECT_EQ(writePictureOfFile(parseCommandLine(asked)), 0);
    EXPECT_EQ(QImage(path).size(), QSize(1200, 750));
    EXPECT_EQ(writePictureOfFile(parseCommandLine({"alloclens", "--export-timeline", path, sample})), 0);
    EXPECT_EQ(QImage(path).size(), QSize(1600, 900)) << "if it asks for none";
}

TEST(PictureOfAFile, ASizeThatIsNoneIsRefused) {
    for (const char* wrong : {"--size=800", "--size=ax500", "--size=800x100", "--size=99999x800", "--size=1x2x3",
                              "--scale=0", "--scale=9", "--scale=nan", "--scale=two"}) {
        EXPECT_TRUE(
            parseCommandLine({"alloclens", "--export-timeline", "a.png", wrong, "a.log"}).problem.contains("is"))
            << wrong;
    }
    EXPECT_TRUE(parseCommandLine({"alloclens", "--scale", "2", "a.log"}).problem.contains("--export-timeline"));
    EXPECT_TRUE(parseCommandLine({"alloclens", "--size=20000x9000", "--scale=2", "--export-timeline", "a.png", "a.log"})
                    .problem.contains("million pixels"));
    EXPECT_EQ(parseCommandLine({"alloclens", "--theme", "pink"}).problem,
              "--theme is light, dark or system, not \"pink\".");
}

}  // namespace
}  // namespace alloclens
