// SPDX-License-Identifier: GPL-3.0-or-later
//
// A capture as text: each record as one line, made when it is asked for, so that records can be read and searched like
// the lines of a log (docs/formats/alloc-message.md, "Records as text"). Lines are filled up to one length; where the
// records lie is kept run by run. Any number of threads may read.
#pragma once

#include <vector>

#include "core/trace/source_text.h"
#include "importers/alloc_message/framer.h"

namespace alloclens::alloc_message {

/// Records of one size that lie behind each other.
struct RecordRun {
    std::uint64_t offset = 0;  ///< in the capture
    std::uint32_t first = 0;   ///< number of its first record, from 0
    std::uint32_t size = 0;    ///< of a record
};

/// Bytes of a line with its end.
inline constexpr std::size_t kRecordLineBytes = 192;

/// Whether a message's timestamp counts microseconds; else it counts nanoseconds.
[[nodiscard]] bool countsMicroseconds(std::uint64_t timestamp);
/// Nanoseconds since 1970 of a message's timestamp, which counts ns or us; kNoTime where it is 0.
[[nodiscard]] std::int64_t timeOf(std::uint64_t timestamp);

/// Writes the line of a record of that size: kRecordLineBytes, the last one a line end.
void writeRecordLine(const char* record, std::size_t size, BufferTypes numbering, char* line);

class RecordLines final : public TextBytes {
public:
    RecordLines(FileHandle file, std::vector<RecordRun> runs, std::uint32_t records, BufferTypes numbering)
        : m_file(std::move(file)), m_runs(std::move(runs)), m_records(records), m_numbering(numbering) {}

    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const override;
    [[nodiscard]] bool isPadded() const override { return true; }

private:
    [[nodiscard]] Result<std::size_t> readRecords(std::uint64_t first, std::size_t count,
                                                  std::vector<char>& lines) const;

    FileHandle m_file;
    std::vector<RecordRun> m_runs;
    std::uint32_t m_records;
    BufferTypes m_numbering;
};

}  // namespace alloclens::alloc_message
