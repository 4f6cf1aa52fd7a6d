// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logs of the allocation server, of all its generations (docs/formats/server-log.md).
#include "importers/importer.h"

#include <algorithm>
#include <bit>
#include <memory>

#include "importers/assembly.h"
#include "importers/beginnings.h"
#include "importers/memory_forecast.h"
#include "importers/server_log/event_line.h"
#include "importers/server_log/fact_line.h"
#include "importers/server_log/growing_log.h"
#include "importers/server_log/part_reader.h"
#include "importers/server_log/reassembly.h"
#include "importers/server_log/stitch.h"

namespace alloclens {
namespace server_log {
namespace {

constexpr std::size_t kHeadBytes = 256 * 1024;

bool isServerLine(std::string_view line) {
    EventMatch match;
    const std::size_t head = std::min(line.find(kProcessHead), line.find(kBareRefusal));
    if (head != std::string_view::npos && matchEvent(line, head, match) == Match::Event) return true;
    const auto fact = matchFact(line);
    return fact
           && (fact->kind == FactKind::ServerStarted || fact->kind == FactKind::StatisticsBegin
               || fact->kind == FactKind::Kernel || fact->kind == FactKind::CircularBuffer);
}

/// How far the first bytes that are not NUL are looked for: a log that was truncated while its server ran begins with a
/// run of NUL bytes as long as the log was.
constexpr std::uint64_t kFarthestHead = std::uint64_t{256} << 20;

std::string headBehindNulBytes(const Input& input) {
    std::string head;
    for (std::uint64_t offset = 0; offset < kFarthestHead; offset += kHeadBytes) {
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
    const std::string head = headBehindNulBytes(input);
    if (head.empty()) {
        const auto behind = input.bytesFrom(kFarthestHead, 1);
        return behind && *behind > 0 ? Sniff::Possible : Sniff::No;
    }
    std::string_view rest = head;
    while (!rest.empty()) {
        const std::size_t newline = std::min(rest.find('\n'), rest.size());
        if (isServerLine(rest.substr(0, newline))) return Sniff::Certain;
        rest.remove_prefix(std::min(newline + 1, rest.size()));
    }
    // Text in which the server's lines may come later: reading it will tell.
    return isBinary(head) ? Sniff::No : Sniff::Possible;
}

/// A log as stretches of so many bytes.
class LogStretches {
public:
    using Part = server_log::Part;
    using Buffers = ReadBuffers;

    explicit LogStretches(const Input& input) : m_input(input) {}

    [[nodiscard]] Result<bool> read(std::uint64_t stretch, Buffers& buffers, Part& part) const {
        const std::uint64_t begin = stretch * m_limits.stretchBytes;
        const auto length = m_input.bytesFrom(begin, m_limits.stretchBytes);
        if (!length) return length.error();
        if (*length == 0) return false;
        const auto done = readPart(m_input, begin, begin + *length, m_limits, buffers, part);
        if (!done) return done.error();
        return true;
    }
    [[nodiscard]] const std::string& path() const { return m_input.path(); }
    [[nodiscard]] std::uint64_t stretchBytes() const { return m_limits.stretchBytes; }

private:
    const Input& m_input;
    Limits m_limits;
};

class LogReader {
public:
    LogReader(const Input& input, const ReadOptions& options, const TaskContext& task)
        : m_input(input), m_options(options), m_task(task), m_beginnings(options), m_memory(options.memory) {}

    [[nodiscard]] Result<Generation> readInto(TraceBuilder& builder) {
        Assembly assembly(m_stretches, readerThreads(m_options.threads), m_task);
        const auto done = assembly.run([&](std::uint64_t stretch, Part& part) { return take(stretch, part, builder); });
        if (!done) return done.error();
        if (const auto put = reassemble(m_input, m_input.size(), m_damage, m_generation, builder); !put)
            return put.error();
        return m_generation;
    }

private:
    // A beginning of 64 MiB takes little memory, where it is of events, and tells something of the rest.
    static constexpr std::uint64_t kStretchesToJudgeBy = 32;

    [[nodiscard]] Result<void> take(std::uint64_t stretch, Part& part, TraceBuilder& builder) {
        m_generation |= part.generation;
        m_damage.append(part.damage, builder.lines(), builder.draft().diagnostics);
        if (auto fits = builder.append(std::move(part.trace)); !fits) return fits;
        if (stretch == 0) reserve(builder);
        const std::uint64_t bytes = (stretch + 1) * m_stretches.stretchBytes();
        if (std::has_single_bit(stretch + 1)) {
            const bool canJudge = stretch + 1 >= kStretchesToJudgeBy;
            if (auto fits = m_memory.check(builder, canJudge ? m_input.fractionAt(bytes) : 1, m_input.path()); !fits)
                return fits;
        }
        m_task.report("reading", m_input.fractionAt(bytes));
        m_beginnings.show(builder, bytes,
                          [this, bytes](TraceBuilder&& copy) { return beginning(std::move(copy), bytes); });
        return {};
    }

    // As many events as there will be if the source goes on as it begins, and a few more.
    void reserve(TraceBuilder& builder) const {
        constexpr double kMore = 1.05;
        const double stretches = static_cast<double>(m_input.sizeSoFar())
                                 / static_cast<double>(m_stretches.stretchBytes());
        if (stretches > 1)
            builder.reserve(static_cast<std::size_t>(static_cast<double>(builder.events()) * stretches * kMore));
    }

    [[nodiscard]] std::shared_ptr<const Trace> beginning(TraceBuilder&& builder, std::uint64_t bytes) const {
        auto file = m_input.duplicateFile();
        if (!file.isOpen()) return nullptr;  // too many open files: the whole will come all the same
        Generation generation = m_generation;
        if (!reassemble(m_input, bytes, m_damage, generation, builder)) return nullptr;
        complete(builder.draft(), generation);
        return std::make_shared<const Trace>(
            builder.finish("server-log", m_input.path(), std::move(file), m_input.sizeSoFar()));
    }

    const Input& m_input;
    const ReadOptions& m_options;
    const TaskContext& m_task;
    LogStretches m_stretches{m_input};
    Beginnings m_beginnings;
    MemoryForecast m_memory;
    Generation m_generation;
    Damage m_damage;
};

Result<Trace> read(Input&& input, const ReadOptions& options, const TaskContext& task) {
    TraceBuilder builder;
    const Result<Generation> generation = LogReader(input, options, task).readInto(builder);
    if (!generation) {
        Error error = generation.error();
        if (error.where.empty() && error.kind != ErrorKind::Cancelled) error.where = input.path();
        return error;
    }
    Trace& draft = builder.draft();
    const bool hasServerLine = std::any_of(draft.facts.begin(), draft.facts.end(), [](const PrintedFact& fact) {
        return fact.kind != FactKind::Banner;  // a blank line is one
    });
    if (draft.events.count() == 0 && !hasServerLine) {
        return Error{ErrorKind::Format, "holds no line of an allocation server", input.path(),
                     "Its log has lines such as \"[PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=4096)\"."};
    }
    if (input.isCutShort()) draft.diagnostics.add({DiagnosticCode::CompressedTail, builder.lines(), {}});
    complete(draft, *generation);
    std::string path = input.path();
    const std::uint64_t bytes = input.size();
    return builder.finish("server-log", std::move(path), input.releaseFile(), bytes);
}

}  // namespace
}  // namespace server_log

const Importer& server_log_importer() {
    static constexpr Importer kImporter = {
        "server-log",      "Allocation server log", "text log of the TT-Metal allocation server, all generations",
        server_log::sniff, server_log::read,        server_log::growingLog};
    return kImporter;
}

}  // namespace alloclens
