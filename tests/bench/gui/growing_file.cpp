// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/gui/growing_file.h"

#include <QFile>

#include <algorithm>
#include <chrono>
#include <utility>

#include "importers/native/writer.h"
#include "tests/bench/gui/bench_window.h"

namespace alloclens::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// Calls `write` so many times a second, for so long or until it gives false.
void inPieces(int piecesPerSecond, int seconds, const std::stop_token& stop, const std::function<bool()>& write) {
    auto next = Clock::now();
    for (int piece = 0; piece < seconds * piecesPerSecond && !stop.stop_requested(); ++piece) {
        if (!write()) return;
        next += std::chrono::microseconds(1'000'000 / piecesPerSecond);
        std::this_thread::sleep_until(next);
    }
}

native::Writer newTrace(const QString& path) {
    native::Description description;
    description.format = "recorder";
    description.addressForm = AddressForm::Hexadecimal;
    auto writer = native::Writer::create(QFile::encodeName(path).toStdString(), description, true,
                                         native::Writer::kLowestLevel);
    if (!writer) alloclens::bench::stop(QString::fromStdString(writer.error().sentence()));
    return std::move(*writer);
}

native::Block blockOf(const Trace& trace, std::size_t from, std::size_t count) {
    native::Block block;
    const EventTable& events = trace.events;
    const std::int64_t now = std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
    for (std::size_t i = from; i < from + count; ++i) {
        const EventId id(i);
        TracePart::Event event;
        event.kind = events.kind[i];
        event.memory = events.memory[i];
        event.hasKey = events.address[i].isValid();
        if (event.hasKey) event.key = trace.key(events.address[i]);
        event.pid = trace.pid(events.process[i]);
        event.size = events.size[i];
        event.refCount = events.refCount[i];
        event.line = ++block.lines;
        event.time = now + static_cast<std::int64_t>(i - from);
        event.sender = event.pid;
        block.events.push_back(event);
    }
    block.lineCounts.events = block.lines;
    return block;
}

}  // namespace

std::unique_ptr<GrowingFile> GrowingFile::ofLines(const QString& from, const QString& to, GrowthPace pace) {
    return std::make_unique<GrowingFile>([from, to, pace](const std::stop_token& stop) {
        constexpr int kPiecesPerSecond = 50;
        QFile in(from);
        QFile out(to);
        if (!in.open(QIODevice::ReadOnly) || !out.open(QIODevice::WriteOnly | QIODevice::Unbuffered)) return;
        inPieces(kPiecesPerSecond, pace.seconds, stop, [&] {
            QByteArray lines;
            for (int i = 0; i < pace.perSecond / kPiecesPerSecond; ++i) lines += in.readLine();
            out.write(lines);
            return !in.atEnd();
        });
    });
}

std::unique_ptr<GrowingFile> GrowingFile::ofEvents(std::shared_ptr<const Trace> from, const QString& to,
                                                   GrowthPace pace) {
    return std::make_unique<GrowingFile>([from = std::move(from), to, pace](const std::stop_token& stop) {
        constexpr int kBlocksPerSecond = 10;
        native::Writer writer = newTrace(to);
        std::size_t at = 0;
        inPieces(kBlocksPerSecond, pace.seconds, stop, [&] {
            const std::size_t count = std::min(from->events.count() - at,
                                               static_cast<std::size_t>(pace.perSecond / kBlocksPerSecond));
            if (!writer.write(blockOf(*from, std::exchange(at, at + count), count))) return false;
            return at < from->events.count();
        });
        if (!writer.finish()) alloclens::bench::stop(QStringLiteral("the trace cannot be finished"));
    });
}

}  // namespace alloclens::bench
