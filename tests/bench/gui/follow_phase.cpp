// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "tests/bench/gui/phases.h"

namespace alloclens::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// Writes the lines of a file into another, so many a second in small pieces, for so long.
class Writer {
public:
    Writer(const QString& from, const QString& to, int linesPerSecond, int seconds)
        : m_from(from), m_to(to), m_thread([this, linesPerSecond, seconds](const std::stop_token& stop) {
              write(linesPerSecond, seconds, stop);
              m_isDone = true;
          }) {}
    [[nodiscard]] bool isDone() const { return m_isDone; }

private:
    void write(int linesPerSecond, int seconds, const std::stop_token& stop) {
        constexpr int kPiecesPerSecond = 50;
        if (!m_from.open(QIODevice::ReadOnly) || !m_to.open(QIODevice::WriteOnly | QIODevice::Unbuffered)) return;
        auto next = Clock::now();
        for (int piece = 0; piece < seconds * kPiecesPerSecond && !stop.stop_requested() && !m_from.atEnd(); ++piece) {
            QByteArray lines;
            for (int i = 0; i < linesPerSecond / kPiecesPerSecond; ++i) lines += m_from.readLine();
            m_to.write(lines);
            next += std::chrono::milliseconds(1000 / kPiecesPerSecond);
            std::this_thread::sleep_until(next);
        }
    }

    QFile m_from;
    QFile m_to;
    std::atomic<bool> m_isDone = false;
    std::jthread m_thread;
};

}  // namespace

void measureFollowing(BenchWindow& window, Report& report, const QString& path, int linesPerSecond, int seconds) {
    const QTemporaryDir folder;
    const QString growing = folder.filePath(QStringLiteral("growing.log"));
    Document& document = window.window().document();
    QFile(growing).open(QIODevice::WriteOnly);
    Phase phase{QStringLiteral("follow: %1 lines a second").arg(linesPerSecond), {}, {}, {}};
    static_cast<void>(window.end({}));  // forgets what waited while the window was made
    QElapsedTimer sinceShown;
    sinceShown.start();
    const QObject listener;
    QObject::connect(&window.timeline(), &TimelineView::sceneShown, &listener, [&] {
        phase.steps.add(milliseconds(sinceShown));
        sinceShown.restart();
    });
    const Writer writer(path, growing, linesPerSecond, seconds);
    window.window().followFile(growing);
    window.waitFor(QStringLiteral("the writer"), [&] { return writer.isDone(); });
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
