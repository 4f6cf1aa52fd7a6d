// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logs of the allocation server, of all its generations (docs/formats/server-log.md).
#include "importers/importer.h"

#include <algorithm>
#include <string>

#include "importers/server_log/event_line.h"
#include "importers/server_log/fact_line.h"
#include "importers/server_log/growing_log.h"
#include "importers/server_log/log_reading.h"
#include "importers/server_log/plain_text.h"
#include "importers/server_log/stitch.h"

namespace alloclens {
namespace server_log {
namespace {

constexpr std::size_t kHeadBytes = 256 * 1024;

bool isServerLine(std::string_view line) {
    std::string plain;
    if (holdsControls(line)) {
        copyPlain(line, plain);
        line = plain;
    }
    EventMatch match;
    const std::size_t head = std::min(line.find(kProcessHead), line.find(kBareRefusal));
    if (head != std::string_view::npos && matchEvent(line, head, match) == Match::Event) return true;
    const auto fact = matchFact(line);
    return fact
           && (fact->kind == FactKind::ServerStarted || fact->kind == FactKind::StatisticsBegin
               || fact->kind == FactKind::Kernel || fact->kind == FactKind::CircularBuffer);
}

// A log that was truncated while its server ran begins with as many NUL bytes as it was long, most often as a hole.
std::string headAfterNulBytes(const Input& input) {
    std::string head;
    for (std::uint64_t offset = input.dataFrom(0);; offset = input.dataFrom(offset + kHeadBytes)) {
        head.resize(kHeadBytes);
        const auto got = input.readAt(offset, head.data(), head.size());
        head.resize(got ? *got : 0);
        if (head.empty()) break;
        const std::size_t text = head.find_first_not_of('\0');
        if (text != std::string::npos) return head.substr(text);
    }
    return {};
}

/// The bytes of all long runs of NUL bytes: gaps in a log that was truncated while its server ran. Binary formats have
/// shorter ones.
std::size_t gapBytes(std::string_view head) {
    constexpr std::size_t kShortestGap = 4096;
    std::size_t bytes = 0;
    for (std::size_t at = head.find('\0'); at != std::string_view::npos; at = head.find('\0', at)) {
        const std::size_t end = std::min(head.find_first_not_of('\0', at), head.size());
        if (end - at >= kShortestGap) bytes += end - at;
        at = end;
    }
    return bytes;
}

bool isBinary(std::string_view head) {
    const auto isControl = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t' && byte != 0x1b && byte != '\f';
    };
    constexpr std::size_t kOneIn = 20;
    const std::size_t gaps = gapBytes(head);
    const auto controls = static_cast<std::size_t>(std::count_if(head.begin(), head.end(), isControl));
    return controls - gaps > (head.size() - gaps) / kOneIn;
}

Sniff sniff(const Input& input) {
    const std::string head = headAfterNulBytes(input);
    if (head.empty()) return Sniff::No;
    std::string_view rest = head;
    while (!rest.empty()) {
        const std::size_t newline = std::min(rest.find('\n'), rest.size());
        if (isServerLine(rest.substr(0, newline))) return Sniff::Certain;
        rest.remove_prefix(std::min(newline + 1, rest.size()));
    }
    // Text in which the server's lines may come later: reading it will tell.
    return isBinary(head) ? Sniff::No : Sniff::Possible;
}

Result<Trace> read(Input&& input, const ReadOptions& options, const TaskContext& task) {
    auto reading = readLog(input, options, task);
    if (!reading) {
        Error error = reading.error();
        if (error.where.empty() && error.kind != ErrorKind::Cancelled) error.where = input.path();
        return error;
    }
    TraceBuilder& builder = reading->builder;
    Trace& draft = builder.draft();
    const bool hasServerLine = std::any_of(draft.facts.begin(), draft.facts.end(),
                                           [](const PrintedFact& fact) { return fact.kind != FactKind::Banner; });
    if (draft.events.count() == 0 && !hasServerLine) {
        return Error{ErrorKind::Format, "has no lines of an allocation server", input.path(),
                     "The log of a server has lines such as \"[PID 7] Allocated 512 bytes of L1 on device 0 "
                     "(buffer_id=4096)\"."};
    }
    if (input.isCutShort()) draft.diagnostics.add({DiagnosticCode::CompressedTail, builder.lines(), {}});
    complete(draft, reading->generation);
    std::string path = input.path();
    const std::uint64_t bytes = input.size();
    const std::uint64_t fileBytes = input.fileBytes();
    return builder.finish("server-log", std::move(path), input.releaseText(), bytes, fileBytes);
}

}  // namespace
}  // namespace server_log

const Importer& server_log_importer() {
    static constexpr Importer kImporter = {"server-log",
                                           "Allocation server log",
                                           "text log of the TT-Metal allocation server, all generations",
                                           server_log::sniff,
                                           server_log::read,
                                           server_log::growingLog,
                                           true};
    return kImporter;
}

}  // namespace alloclens
