// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/capture_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "core/base/units.h"
#include "importers/alloc_message/record_attributes.h"

namespace alloclens::alloc_message {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr std::uint64_t kPiecesToJudgeBy = 64;
constexpr std::uint32_t kLinesPerMark = 256;

std::string describe(const Framer::Skip& skip) {
    return fmt::format("{} from byte {} on", formatQuantity(skip.bytes, "byte"), formatCount(skip.offset));
}

}  // namespace

CaptureReader::CaptureReader(const Input& input, const ReadOptions& options)
    : m_input(input),
      m_options(options),
      m_piece(kPieceBytes),
      m_judge(options.rules, options.bufferTypes),
      m_hint(options.bufferTypes),
      m_beginnings(options),
      m_forecast(options.memory) {
    m_builder.draft().rules = options.rules;
}

Result<bool> CaptureReader::readOn(std::uint64_t most, const TaskContext& task) {
    const std::uint64_t from = m_read;
    while (m_read - from < most) {
        if (task.isCancelled()) return TaskContext::cancelled();
        const auto there = m_input.bytesFrom(m_read, m_piece.size());
        if (!there) return there.error();
        const auto got = m_input.readAt(m_read, m_piece.data(), static_cast<std::size_t>(*there));
        if (!got) return got.error();
        if (*got == 0) break;
        m_framer.feed(m_piece.data(), *got);
        m_read += *got;
        ++m_pieces;
        if (const auto taken = take(task); !taken) return taken.error();
    }
    return m_read > from;
}

Result<void> CaptureReader::end() {
    m_framer.finish();
    if (auto taken = takeRecords(); !taken) return taken;
    nameLastSkips();
    m_units.tell(m_builder.draft().diagnostics);
    return {};
}

Trace CaptureReader::finish(FileHandle file) {
    if (m_input.isCutShort()) {
        m_builder.draft().diagnostics.add({DiagnosticCode::CompressedTail, m_builder.lines(), {}});
    }
    return finish(m_builder, std::move(file));
}

Trace CaptureReader::soFar(FileHandle file) const {
    TraceBuilder builder = m_builder.copy();
    builder.draft().isGrowing = true;
    return finish(builder, std::move(file));
}

Result<void> CaptureReader::take(const TaskContext& task) {
    if (auto taken = takeRecords(); !taken) return taken;
    const double fraction = m_input.fractionAt(m_read);
    if (m_pieces == 1) reserve(fraction);
    if (m_pieces >= kPiecesToJudgeBy && std::has_single_bit(m_pieces)) {
        if (auto fits = m_forecast.check(m_builder, fraction, m_input.path()); !fits) return fits;
    }
    task.report("reading", fraction);
    m_beginnings.show(m_builder, m_read, [this](TraceBuilder&& copy) -> std::shared_ptr<const Trace> {
        auto file = m_input.duplicateFile();
        if (!file.isOpen()) return nullptr;  // too many open files: the whole will come all the same
        return std::make_shared<const Trace>(finish(copy, std::move(file)));
    });
    return {};
}

// As many events as there will be if the capture goes on as it begins, and a few more.
void CaptureReader::reserve(double fraction) {
    constexpr double kMore = 1.05;
    constexpr double kLeastFraction = 1e-6;
    if (fraction <= kLeastFraction || fraction >= 1) return;
    m_builder.reserve(static_cast<std::size_t>(static_cast<double>(m_builder.events()) / fraction * kMore));
}

/// Takes all records that the framer has by now as one part.
Result<void> CaptureReader::takeRecords() {
    m_part.clear();
    for (Record record; m_framer.next(record);) {
        addLine(record);
        nameSkipsBefore(record.offset);
        m_units.look(record.message, m_builder.lines() + m_part.lines);
        const std::size_t before = m_part.events();
        m_judge.add(record.message, m_part);
        if (m_part.events() > before) {
            m_part.describeLast(attributesIn(m_framer.recordBytes(), record.size, m_part.attributeTables()));
        }
        if (auto hint = m_hint.look(record.message))
            m_part.diagnostics.add({DiagnosticCode::BufferTypes, m_part.lines, std::move(*hint)});
    }
    return m_builder.append(std::move(m_part));
}

void CaptureReader::addLine(const Record& record) {
    const std::uint64_t number = std::uint64_t{m_builder.lines()} + m_part.lines;
    if (m_part.lines % kLinesPerMark == 0) m_part.marks.push_back({m_part.lines, number * kRecordLineBytes});
    ++m_part.lines;
    if (record.offset != m_end || m_runs.empty() || record.size != m_runs.back().size) {
        m_runs.push_back({record.offset, static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(record.size)});
    }
    m_end = record.offset + record.size;
}

// The framer decides ahead of what it gives.
void CaptureReader::nameSkipsBefore(std::uint64_t offset) {
    if (m_framer.skippedBytes() != m_skippedBytes) fetchSkips();
    while (m_nextSkip < m_skips.size() && m_skips[m_nextSkip].offset < offset) {
        m_part.diagnostics.add({DiagnosticCode::SkippedBytes, m_part.lines, describe(m_skips[m_nextSkip++])});
    }
}

void CaptureReader::fetchSkips() {
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
void CaptureReader::nameLastSkips() {
    fetchSkips();
    Diagnostics& diagnostics = m_builder.draft().diagnostics;
    for (const Framer::Skip& skip : m_skips) {
        const bool isLast = skip.offset == m_end && skip.offset + skip.bytes == m_read && beginsRecord(skip.offset);
        if (isLast && skip.bytes < m_framer.recordSize()) {
            diagnostics.add({DiagnosticCode::TruncatedRecord, m_builder.lines(),
                             fmt::format("{} of {} bytes from byte {} on", skip.bytes, m_framer.recordSize(),
                                         formatCount(skip.offset))});
        } else {
            diagnostics.add({DiagnosticCode::SkippedBytes, m_builder.lines(), describe(skip)});
        }
    }
}

bool CaptureReader::beginsRecord(std::uint64_t offset) const {
    char type = 0;
    const auto got = m_input.readAt(offset, &type, 1);
    return got && *got == 1 && isTypeOfMessage(type);
}

Trace CaptureReader::finish(TraceBuilder& builder, FileHandle file) const {
    const std::uint32_t lines = builder.lines();
    return builder.finish("alloc-message", m_input.path(),
                          std::make_unique<RecordLines>(std::move(file), m_runs, lines, m_options.bufferTypes),
                          lines * std::uint64_t{kRecordLineBytes}, m_read);
}

}  // namespace alloclens::alloc_message
