// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opens a log in the real window, does with it what a person does, and prints how long everything took and how long the
// event loop kept events waiting (docs/performance.md). Draws offscreen unless QT_QPA_PLATFORM says otherwise; the
// user's settings are neither read nor written.
//
//     build/ci/tests/bench/gui/alloclens_gui_bench [--frames N] [--views 1,5,14] [--size WxH] [--follow SECONDS [--native]] [--json OUT] FILE
#include <QApplication>
#include <QCommandLineParser>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QLocale>
#include <QSettings>
#include <QSysInfo>
#include <QTemporaryDir>

#include <cstdio>
#include <stdexcept>
#include <sys/resource.h>

#include "app/gui/window/theme_choice.h"
#include "core/base/units.h"
#include "tests/bench/gui/phases.h"

namespace {

using namespace alloclens;
using namespace alloclens::bench;

struct Options {
    QString file;
    QString json;
    QSize size{1600, 900};
    int frames = 60;
    int followSeconds = 0;  ///< 0: opens the file and does all the rest with it
    bool isNative = false;  ///< what is followed
    std::vector<const test::TimedView*> views;
};

[[noreturn]] void refuse(const QString& why) {
    std::fprintf(stderr, "alloclens_gui_bench: %s\n", qPrintable(why));
    std::exit(2);
}

QString listOfViews() {
    QString list = QStringLiteral("Views:");
    int place = 0;
    for (const test::TimedView& view : test::timedViews()) {
        list += QStringLiteral("\n  %1  %2")
                    .arg(++place, 2)
                    .arg(QString::fromUtf8(view.name.data(), static_cast<qsizetype>(view.name.size())));
    }
    return list;
}

std::vector<const test::TimedView*> viewsOf(const QString& list) {
    std::vector<const test::TimedView*> views;
    const auto all = test::timedViews();
    if (list.isEmpty()) {
        for (const test::TimedView& view : all) views.push_back(&view);
        return views;
    }
    for (const QString& word : list.split(',')) {
        bool isNumber = false;
        const auto place = word.toUInt(&isNumber);
        if (!isNumber || place < 1 || place > all.size()) {
            refuse(QStringLiteral("\"%1\" is no view. %2").arg(word, listOfViews()));
        }
        views.push_back(&all[place - 1]);
    }
    return views;
}

Options readOptions(const QStringList& words) {
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Opens FILE in the AllocLens window and times what a person does with it.\n\n") + listOfViews());
    parser.addHelpOption();
    parser.addPositionalArgument("FILE", "The log to open");
    const QCommandLineOption frames("frames", "Steps of panning and of zooming in each view (60)", "N", "60");
    const QCommandLineOption views("views", "Only these views, such as 1,5,14; 0 for none", "LIST");
    const QCommandLineOption size("size", "Of the window (1600x900)", "WxH", "1600x900");
    const QCommandLineOption json("json", "Write the result there as well", "OUT");
    const QCommandLineOption follow(
        "follow", "Only follow a file into which FILE is written for so long, 100,000 lines a second", "SECONDS", "0");
    const QCommandLineOption native("native", "What is followed is a native trace, 100,000 events a second");
    parser.addOptions({frames, views, size, json, follow, native});
    parser.process(words);
    if (parser.positionalArguments().size() != 1) refuse(QStringLiteral("name one file; --help tells the rest"));
    Options options;
    options.file = QFileInfo(parser.positionalArguments().front()).absoluteFilePath();
    options.json = parser.value(json);
    if (parser.value(views) != QLatin1String("0")) options.views = viewsOf(parser.value(views));
    bool isNumber = false;
    options.frames = parser.value(frames).toInt(&isNumber);
    if (!isNumber || options.frames < 1) refuse(QStringLiteral("--frames wants a number above 0"));
    options.followSeconds = parser.value(follow).toInt(&isNumber);
    if (!isNumber || options.followSeconds < 0) refuse(QStringLiteral("--follow wants a number of seconds"));
    options.isNative = parser.isSet(native);
    const QStringList sides = parser.value(size).split('x');
    if (sides.size() == 2) options.size = QSize(sides[0].toInt(), sides[1].toInt());
    if (sides.size() != 2 || options.size.isEmpty()) refuse(QStringLiteral("--size wants 1600x900"));
    const QFileInfo file(options.file);
    if (!file.exists()) refuse(QStringLiteral("there is no file \"%1\"").arg(options.file));
    if (!file.isFile() || !file.isReadable()) refuse(QStringLiteral("cannot read \"%1\"").arg(options.file));
    return options;
}

QString countOf(std::size_t count) { return QString::fromStdString(formatCount(count)); }

void describe(BenchWindow& window, Report& report, const Options& options) {
    const Analysis& analysis = *window.state().analysis();
    const auto sizeText = [](QSize size) { return QStringLiteral("%1 x %2").arg(size.width()).arg(size.height()); };
    report.describe("file", options.file);
    report.describe("events", countOf(analysis.trace->events.count()));
    report.describe("lifetimes", countOf(analysis.replay.lifetimes.size()));
    report.describe("findings", countOf(analysis.findings.rows.size()));
    report.describe("window", sizeText(window.window().size()));
    report.describe("lanes", sizeText(window.lanesSize()));
    report.describe("platform", QGuiApplication::platformName());
    report.describe("Qt", QLatin1String(qVersion()));
    report.describe("system", QSysInfo::prettyProductName());
    report.describe("date", QDateTime::currentDateTime().date().toString(Qt::ISODate));
}

QString peakMemory() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    constexpr long kKibibyte = 1024;
    return QString::fromStdString(formatBytes(static_cast<std::uint64_t>(usage.ru_maxrss * kKibibyte)));
}

void measure(BenchWindow& window, Report& report, const Options& options) {
    if (options.followSeconds > 0) {
        constexpr int kPerSecond = 100'000;
        measureFollowing(window, report, options.file, {kPerSecond, options.followSeconds}, options.isNative);
        return describe(window, report, options);
    }
    measureLoading(window, report, options.file);
    describe(window, report, options);
    report.describe("after load", peakMemory() + QStringLiteral(" peak memory"));
    measureViews(window, report, options.views, options.frames);
    measureFilters(window, report);
    measureTyping(window, report);
    measureSelection(window, report);
    measureTables(window, report);
    measureSearch(window, report);
    measureThemes(window, report);
    report.describe("at the end", peakMemory() + QStringLiteral(" peak memory"));
}

void writeJson(const Report& report, const QString& path) {
    const QByteArray bytes = QJsonDocument(report.json()).toJson();
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.flush()) {
        stop(QStringLiteral("cannot write \"%1\": %2").arg(path, file.errorString()));
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    QCoreApplication::setOrganizationName("AllocLensBench");
    QCoreApplication::setApplicationName("AllocLensBench");
    const QTemporaryDir settings;
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
    QLocale::setDefault(QLocale::c());
    QApplication application(argc, argv);
    const Options options = readOptions(QApplication::arguments());
    applyTheme(ThemeChoice::Light);

    Report report;
    try {
        BenchWindow window(options.size);
        measure(window, report, options);
        std::fputs(qPrintable(report.table()), stdout);
        if (!options.json.isEmpty()) writeJson(report, options.json);
    } catch (const std::runtime_error& error) {
        std::fputs(qPrintable(report.table()), stdout);
        std::fprintf(stderr, "alloclens_gui_bench: %s\n", error.what());
        return 1;
    }
    return 0;
}
