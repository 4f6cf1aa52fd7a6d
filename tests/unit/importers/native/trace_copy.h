// SPDX-License-Identifier: GPL-3.0-or-later
//
// Traces written in the native format and read again, for tests that compare the two.
#pragma once

#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "importers/native/trace_writer.h"
#include "tests/unit/support/report_text.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens::test {

/// Blocks so small that every log has many, and pieces of lines.
inline constexpr native::StretchLimits kSmallStretches{7, 400, 90};

[[nodiscard]] inline std::string fileBytes(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return bytes.str();
}

/// The bytes of a native trace with everything that `trace` holds.
[[nodiscard]] inline std::string nativeBytes(const Trace& trace, const native::StretchLimits& limits = {}) {
    const TemporaryFile file("");
    auto writer = native::Writer::create(file.path(), native::descriptionOf(trace), true);
    if (!writer) stop(writer.error().sentence());
    if (const auto done = native::writeTrace(trace, *writer, limits, {}); !done) stop(done.error().sentence());
    if (const auto done = writer->finish(); !done) stop(done.error().sentence());
    return fileBytes(file.path());
}

[[nodiscard]] inline Result<std::shared_ptr<const Trace>> tryReadNative(const std::string& bytes,
                                                                        unsigned threads = 2) {
    const TemporaryFile file(bytes);
    ReadOptions options;
    options.threads = threads;
    return readTrace(file.path(), {}, options, {});
}

[[nodiscard]] inline std::shared_ptr<const Trace> readNative(const std::string& bytes, unsigned threads = 2) {
    auto trace = tryReadNative(bytes, threads);
    if (!trace) stop(trace.error().sentence());
    return *trace;
}

/// All that two equal traces have in common: what traceText says, and keys, processes, times, senders and text.
[[nodiscard]] inline std::string wholeText(const Trace& trace) {
    std::string text = traceText(trace);
    for (const AddressKey& key : trace.addresses) text += fmt::format("{}:{} ", key.device, key.address);
    for (const std::int32_t pid : trace.processes) text += fmt::format("{} ", pid);
    const EventTable& events = trace.events;
    text += fmt::format("\ntime {} sender {}\n", events.hasTime(), events.hasSender());
    for (std::size_t i = 0; i < events.count() && (events.hasTime() || events.hasSender()); ++i) {
        text += fmt::format("{} {}\n", events.timeOf(EventId(i)), trace.pid(events.senderOf(EventId(i))));
    }
    for (int i = 0; i < kDiagnosticCodeCount; ++i) {
        text += fmt::format("{} ", trace.diagnostics.count(static_cast<DiagnosticCode>(i)));
    }
    const auto lines = trace.source->linesText(1, trace.source->lines());
    if (!lines) return text + lines.error().sentence();
    for (const std::string& line : *lines) text += '\n' + line;
    // Marks in the middle lead to the same lines as counting from the first.
    for (std::uint32_t line = 1; line <= trace.source->lines(); line += 97) {
        const auto one = trace.source->lineText(line);
        if (!one || *one != (*lines)[line - 1]) text += fmt::format("\nline {} is another\n", line);
    }
    return text;
}

/// Every report of a trace, but for what it says of its file: path, format and size.
[[nodiscard]] inline std::string reportsText(std::shared_ptr<const Trace> trace) {
    const auto analysis = analyse(std::move(trace), {});
    if (!analysis) stop(analysis.error().sentence());
    std::string all;
    for (const Report& report : reports()) {
        std::string text = reportText(report.subject, report.format, **analysis);
        if (const std::size_t at = text.find("\"source\""); at != std::string::npos) {
            text.erase(at, text.find('}', at) - at);
        } else if (report.subject == "summary") {
            text.erase(0, text.find("\nEvents"));
        } else if (report.subject == "ledger") {
            text.erase(0, text.find('\n'));
        }
        const std::string& path = (*analysis)->trace->source->path();
        for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path, at))
            text.replace(at, path.size(), "FILE");
        all += fmt::format("--- {} {}\n{}\n", report.subject, report.format, text);
    }
    return all;
}

}  // namespace alloclens::test
