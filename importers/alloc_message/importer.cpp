// SPDX-License-Identifier: GPL-3.0-or-later
//
// Captures of the tracker's messages as they were sent on its socket (docs/formats/alloc-message.md). Read from the
// first byte to the last by one thread: framing and the tracker's table both need the order.
#include "importers/importer.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <memory>

#include "core/base/units.h"
#include "importers/alloc_message/framer.h"
#include "importers/alloc_message/judge.h"
#include "importers/alloc_message/numbering_hint.h"
#include "importers/alloc_message/record_text.h"
#include "importers/beginnings.h"

namespace alloclens {
namespace alloc_message {
namespace {

constexpr std::size_t kHeadBytes = 256 * 1024;
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;

// What a framer would make of the first bytes. Text has next to no byte that could be a type with zeros around it.
Sniff sniff(const Input& input) {
    const std::string head = input.head(kHeadBytes);
    Framer framer;
    framer.feed(head.data(), head.size());
    framer.finish();
    std::uint64_t covered = 0;
    for (Record record; framer.next(record);) covered += record.size;
    constexpr std::uint64_t kOneInForPossible = 16;
    if (covered * 2 >= head.size() && covered > 0) return Sniff::Certain;
    // A little of it could be a log's run of NUL bytes; a log has more text than anything else.
    const auto isText = [](char c) { return c >= ' ' || c == '\n'; };
    const auto text = static_cast<std::uint64_t>(std::count_if(head.begin(), head.end(), isText));
    const bool isMostlyText = text * 2 > head.size();
    return covered * kOneInForPossible >= head.size() && covered > 0 && !isMostlyText ? Sniff::Possible : Sniff::No;
}

class CaptureReader {
public:
    CaptureReader(const Input& input, const ReadOptions& options, const TaskContext& task)
        : m_input(input),
          m_options(options),
          m_task(task),
          m_judge(options.rules, options.bufferTypes),
          m_hint(options.bufferTypes),
          m_beginnings(options),
          m_forecast(options.memory) {
        m_builder.draft().rules = options.rules;
    }

    [[nodiscard]] Result<void> read() {
        std::vector<char> piece(kPieceBytes);
        for (std::uint64_t pieces = 1;; ++pieces) {
            if (m_task.isCancelled()) return TaskContext::cancelled();
            const auto there = m_input.bytesFrom(m_bytes, piece.size());
            if (!there) return there.error();
            const auto got = m_input.readAt(m_bytes, piece.data(), static_cast<std::size_t>(*there));
            if (!got) return got.error();
            if (*got == 0) break;
            m_framer.feed(piece.data(), *got);
            m_bytes += *got;
            if (auto taken = take(pieces); !taken) return taken;
        }
        m_framer.finish();
        if (auto taken = takeRecords(); !taken) return taken;
        nameLastSkips();
        return {};
    }

    [[nodiscard]] bool hasRecords() const { return m_builder.lines() > 0; }

    [[nodiscard]] Trace finish(Input& input) {
        if (input.isCutShort()) {
            m_builder.draft().diagnostics.add({DiagnosticCode::CompressedTail, m_builder.lines(), {}});
        }
        return finish(m_builder, input.releaseFile());
    }

private:
    static constexpr std::uint64_t kPiecesToJudgeBy = 64;
    static constexpr std::uint32_t kLinesPerMark = 256;

    [[nodiscard]] Result<void> take(std::uint64_t pieces) {
        if (auto taken = takeRecords(); !taken) return taken;
        const double fraction = m_input.fractionAt(m_bytes);
        if (pieces == 1) reserve(fraction);
        if (pieces >= kPiecesToJudgeBy && std::has_single_bit(pieces)) {
            if (auto fits = checkMemory(fraction); !fits) return fits;
        }
        m_task.report("reading", fraction);
        m_beginnings.show(m_builder, m_bytes, [this](TraceBuilder&& copy) { return beginning(std::move(copy)); });
        return {};
    }

    // Whether all that is expected can be held, by what there is of it so far.
    [[nodiscard]] Result<void> checkMemory(double fraction) const {
        if (fraction <= 0) return {};
        return m_forecast.check(static_cast<double>(m_builder.events()) / fraction, m_builder.events(), m_input.path());
    }

    // As many events as there will be if the capture goes on as it begins, and a few more.
    void reserve(double fraction) {
        constexpr double kMore = 1.05;
        constexpr double kLeastFraction = 1e-6;
        if (fraction <= kLeastFraction || fraction >= 1) return;
        m_builder.reserve(static_cast<std::size_t>(static_cast<double>(m_builder.events()) / fraction * kMore));
    }

    /// Takes all records that the framer has by now as one part.
    [[nodiscard]] Result<void> takeRecords() {
        m_part.clear();
        for (Record record; m_framer.next(record);) {
            addLine(record);
            nameSkipsBefore(record.offset);
            m_judge.add(record.message, m_part);
            if (auto hint = m_hint.look(record.message))
                m_part.diagnostics.add({DiagnosticCode::BufferTypes, m_part.lines, std::move(*hint)});
        }
        return m_builder.append(std::move(m_part));
    }

    void addLine(const Record& record) {
        const std::uint64_t number = std::uint64_t{m_builder.lines()} + m_part.lines;
        if (m_part.lines % kLinesPerMark == 0) m_part.marks.push_back({m_part.lines, number * kRecordLineBytes});
        ++m_part.lines;
        if (record.offset != m_end || m_runs.empty() || record.size != m_runs.back().size) {
            m_runs.push_back(
                {record.offset, static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(record.size)});
        }
        m_end = record.offset + record.size;
    }

    // The framer decides ahead of what it gives.
    void nameSkipsBefore(std::uint64_t offset) {
        if (m_framer.skippedBytes() != m_skippedBytes) fetchSkips();
        while (m_nextSkip < m_skips.size() && m_skips[m_nextSkip].offset < offset) {
            m_part.diagnostics.add({DiagnosticCode::SkippedBytes, m_part.lines, describe(m_skips[m_nextSkip++])});
        }
    }

    void fetchSkips() {
        m_skippedBytes = m_framer.skippedBytes();
        m_skips.erase(m_skips.begin(), m_skips.begin() + static_cast<std::ptrdiff_t>(m_nextSkip));
        m_nextSkip = 0;
        for (const Framer::Skip& skip : m_framer.takeSkips()) {
            if (!m_skips.empty() && m_skips.back().offset + m_skips.back().bytes == skip.offset) {
                m_skips.back().bytes += skip.bytes;
            } else {
                m_skips.push_back(skip);
            }
        }
    }

    // Those behind the last record. What begins directly behind it and is shorter than one is its successor's
    // beginning.
    void nameLastSkips() {
        fetchSkips();
        Diagnostics& diagnostics = m_builder.draft().diagnostics;
        for (const Framer::Skip& skip : m_skips) {
            const bool isLast = skip.offset == m_end && skip.offset + skip.bytes == m_bytes
                                && beginsRecord(skip.offset);
            if (isLast && skip.bytes < m_framer.recordSize()) {
                diagnostics.add({DiagnosticCode::TruncatedRecord, m_builder.lines(),
                                 fmt::format("{} of {} bytes from byte {} on", skip.bytes, m_framer.recordSize(),
                                             formatCount(skip.offset))});
            } else {
                diagnostics.add({DiagnosticCode::SkippedBytes, m_builder.lines(), describe(skip)});
            }
        }
    }

    [[nodiscard]] bool beginsRecord(std::uint64_t offset) const {
        char type = 0;
        const auto got = m_input.readAt(offset, &type, 1);
        return got && *got == 1 && isTypeOfMessage(type);
    }

    [[nodiscard]] static std::string describe(const Framer::Skip& skip) {
        return fmt::format("{} from byte {} on", formatQuantity(skip.bytes, "byte"), formatCount(skip.offset));
    }

    [[nodiscard]] std::shared_ptr<const Trace> beginning(TraceBuilder&& builder) const {
        auto file = m_input.duplicateFile();
        if (!file.isOpen()) return nullptr;  // too many open files: the whole will come all the same
        return std::make_shared<const Trace>(finish(builder, std::move(file)));
    }

    [[nodiscard]] Trace finish(TraceBuilder& builder, FileHandle file) const {
        const std::uint32_t lines = builder.lines();
        return builder.finish("alloc-message", m_input.path(),
                              std::make_unique<RecordLines>(std::move(file), m_runs, lines, m_options.bufferTypes),
                              lines * std::uint64_t{kRecordLineBytes}, m_bytes);
    }

    const Input& m_input;
    const ReadOptions& m_options;
    const TaskContext& m_task;
    Framer m_framer;
    Judge m_judge;
    NumberingHint m_hint;
    Beginnings m_beginnings;
    MemoryForecast m_forecast;
    std::uint64_t m_bytes = 0;  ///< read so far
    TraceBuilder m_builder;
    TracePart m_part;
    std::vector<RecordRun> m_runs;
    std::uint64_t m_end = 0;  ///< of the last record
    std::vector<Framer::Skip> m_skips;
    std::size_t m_nextSkip = 0;
    std::uint64_t m_skippedBytes = 0;
};

Result<Trace> read(Input&& input, const ReadOptions& options, const TaskContext& task) {
    CaptureReader reader(input, options, task);
    if (const auto done = reader.read(); !done) {
        Error error = done.error();
        if (error.where.empty() && error.kind != ErrorKind::Cancelled) error.where = input.path();
        return error;
    }
    if (!reader.hasRecords()) {
        return Error{ErrorKind::Format, "holds no message of a tracked program", input.path(),
                     "A capture has the bytes that programs sent to the tracking server's socket."};
    }
    return reader.finish(input);
}

}  // namespace
}  // namespace alloc_message

const Importer& alloc_message_importer() {
    static constexpr Importer kImporter = {"alloc-message", "Capture of messages",
                                           "messages to the tracking server as they were sent, all record sizes",
                                           alloc_message::sniff, alloc_message::read};
    return kImporter;
}

}  // namespace alloclens
