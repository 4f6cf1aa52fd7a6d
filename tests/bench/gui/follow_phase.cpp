// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

#include <algorithm>

#include "importers/importer.h"
#include "tests/bench/gui/phases.h"

namespace alloclens::bench {
namespace {

std::unique_ptr<GrowingFile> grow(const QString& path, const QString& growing, GrowthPace pace, bool isNative) {
    if (!isNative) return GrowingFile::ofLines(path, growing, pace);
    auto trace = readTrace(QFile::encodeName(path).toStdString(), {}, {}, {});
    if (!trace) stop(QString::fromStdString(trace.error().sentence()));
    return GrowingFile::ofEvents(std::move(*trace), growing, pace);
}

}  // namespace

void measureFollowing(BenchWindow& window, Report& report, const QString& path, GrowthPace pace, bool isNative) {
    const QTemporaryDir folder;
    const QString growing = folder.filePath(isNative ? QStringLiteral("growing.alens") : QStringLiteral("growing.log"));
    Document& document = window.window().document();
    const QString what = isNative ? QStringLiteral("follow a trace: %1 events a second")
                                  : QStringLiteral("follow a log: %1 lines a second");
    Phase phase{what.arg(pace.perSecond), {}, {}, {}};
    const auto writer = grow(path, growing, pace, isNative);
    window.waitFor(QStringLiteral("the first of the file"), [&] { return QFile(growing).size() > 0; });
    static_cast<void>(window.end({}));  // forgets what waited while the window was made
    QElapsedTimer sinceShown;
    sinceShown.start();
    const QObject listener;
    QObject::connect(&window.timeline(), &TimelineView::sceneShown, &listener, [&] {
        phase.steps.add(milliseconds(sinceShown));
        sinceShown.restart();
    });
    window.window().followFile(growing);
    window.waitFor(QStringLiteral("the writer"), [&] { return writer->isDone(); });
    document.stopFollowing();
    window.waitFor(QStringLiteral("the end of following"), [&] { return !document.isFollowing(); });
    report.add(window.end(std::move(phase)));
    if (!document.analysis()) stop(QStringLiteral("nothing was followed"));
    const auto followed = document.analysis();
    window.settle();
    window.window().openFile(growing);
    window.waitFor(QStringLiteral("the finished file"),
                   [&] { return !document.isLoading() && document.analysis() != followed; });
    const auto isSame = [](const Finding& a, const Finding& b) {
        return a.kind == b.kind && a.primary == b.primary && a.address == b.address && a.lifetime == b.lifetime;
    };
    const auto& now = followed->findings.rows;
    const auto& then = document.analysis()->findings.rows;
    if (!std::equal(now.begin(), now.end(), then.begin(), then.end(), isSame)) {
        stop(QStringLiteral("the findings differ from those of the finished file"));
    }
    report.describe("followed", QStringLiteral("%1 events, %2 findings, as those of the finished file")
                                    .arg(followed->trace->events.count())
                                    .arg(now.size()));
}

}  // namespace alloclens::bench
