// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a capture of messages from the first byte to the last, in pieces: framing and the tracker's table both need the
// order. Keeps its place, so that a capture that has grown is read on. Used by one thread; input and options outlive
// it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "importers/alloc_message/framer.h"
#include "importers/alloc_message/judge.h"
#include "importers/alloc_message/numbering_hint.h"
#include "importers/alloc_message/record_text.h"
#include "importers/alloc_message/time_units_hint.h"
#include "importers/beginnings.h"
#include "importers/memory_forecast.h"

namespace alloclens::alloc_message {

class CaptureReader {
public:
    CaptureReader(const Input& input, const ReadOptions& options);

    /// Reads what there is behind what was read, about `most` bytes of it; false if there was nothing.
    [[nodiscard]] Result<bool> readOn(std::uint64_t most, const TaskContext& task);
    /// Nothing more comes: takes what waits for more bytes.
    [[nodiscard]] Result<void> end();

    [[nodiscard]] bool hasRecords() const { return m_builder.lines() > 0; }
    [[nodiscard]] std::size_t events() const { return m_builder.events(); }
    /// The trace of all that was read. The reader is empty afterwards.
    [[nodiscard]] Trace finish(FileHandle file);
    /// The trace of what is certain so far; `file` is the capture.
    [[nodiscard]] Trace soFar(FileHandle file) const;

private:
    [[nodiscard]] Result<void> take(const TaskContext& task);
    void reserve(double fraction);
    [[nodiscard]] Result<void> takeRecords();
    void addLine(const Record& record);
    void nameSkipsBefore(std::uint64_t offset);
    void fetchSkips();
    void nameLastSkips();
    [[nodiscard]] bool beginsRecord(std::uint64_t offset) const;
    [[nodiscard]] Trace finish(TraceBuilder& builder, FileHandle file) const;

    const Input& m_input;
    const ReadOptions& m_options;
    std::vector<char> m_piece;
    std::uint64_t m_read = 0;    ///< bytes
    std::uint64_t m_pieces = 0;  ///< of them
    Framer m_framer;
    Judge m_judge;
    NumberingHint m_hint;
    TimeUnitsHint m_units;
    Beginnings m_beginnings;
    MemoryForecast m_forecast;
    TraceBuilder m_builder;
    TracePart m_part;
    std::vector<RecordRun> m_runs;
    std::uint64_t m_end = 0;  ///< of the last record
    std::vector<Framer::Skip> m_skips;
    std::size_t m_nextSkip = 0;
    std::uint64_t m_skippedBytes = 0;
};

}  // namespace alloclens::alloc_message
