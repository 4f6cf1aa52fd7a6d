// SPDX-License-Identifier: GPL-3.0-or-later
//
// The program: reads the command line, then opens a window a file, or writes the picture of one and goes.
#include <QApplication>
#include <QIcon>
#include <QLocale>

#include <csignal>
#include <new>
#include <system_error>

#include "app/gui/command_line.h"
#include "app/gui/picture_of_file.h"
#include "app/gui/quit_signals.h"
#include "app/gui/window/main_window.h"
#include "app/gui/window/theme_choice.h"
#include "core/base/descriptors.h"
#include "core/base/standard_streams.h"

namespace alloclens {
namespace {

int run(int argc, char** argv) {
    QCoreApplication::setOrganizationName("AllocLens");
    QCoreApplication::setApplicationName("AllocLens");
    QCoreApplication::setApplicationVersion(ALLOCLENS_VERSION);
    QGuiApplication::setDesktopFileName("org.alloclens.AllocLens");
    QLocale::setDefault(QLocale::c());  // numbers are formatted by core/base/units, alike everywhere
    if (const auto answer = answerWithoutDisplay(argc, argv)) return *answer;

    // What cannot be written is an error to report, not a reason to die.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    raiseDescriptorLimit();
    QApplication application(argc, argv);
    QApplication::setWindowIcon(QIcon(":/icons/alloclens.svg"));
    const QuitSignals quitSignals;
    const CommandLine line = parseCommandLine(QApplication::arguments());
    if (!line.problem.isEmpty()) {
        saySentence("alloclens", line.problem.toStdString());
        return kWrongCommandLine;
    }
    applyTheme(line.theme.value_or(rememberedThemeChoice()));
    if (!line.picture.isEmpty()) return writePictureOfFile(line);

    for (const QString& file : line.files.isEmpty() ? QStringList{QString()} : line.files) {
        auto* window = new MainWindow;
        window->show();
        if (file.isEmpty()) continue;
        if (line.follows) {
            window->followFile(file);
        } else {
            window->openFile(file);
        }
    }
    return QApplication::exec();
}

}  // namespace
}  // namespace alloclens

int main(int argc, char** argv) {
    using namespace alloclens;
    openClosedStandardStreams();
    try {
        return run(argc, argv);
    } catch (const std::bad_alloc&) {
        say("alloclens: needs more memory than is available. Close other programs, or open a part of the file.\n");
    } catch (const std::system_error& error) {
        say("alloclens: the system refuses: ");
        say(error.what());
        say(". Close other programs.\n");
    }
    return kCannotRead;
}
