// SPDX-License-Identifier: GPL-3.0-or-later
//
// The columns inside a block's payload: each names itself, its encoding, its width and its length, so that a reader
// passes over what it does not know. Numbers are 64 bits wide, and signed where a smallest one is chosen; a column
// takes as few bytes a row as its range needs, or as the steps between its rows need. Nothing that a payload says of
// itself is believed before it has been held against the payload's length.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alloclens::native {

/// Numbers of columns are part of the format and never used again for something else.
enum class ColumnId : std::uint16_t {
    LineCounts = 1,  ///< events, facts, foreign, damaged
    Text = 2,        ///< bytes of text before the block, bytes of its own
    TextMarks = 3,   ///< where each 256th line begins, from the start of the block's text
    KeyDevice = 8,   ///< the keys that events name
    KeyAddress = 9,
    Process = 10,  ///< the processes that events name
    Size = 11,     ///< the sizes that events name
    EventKind = 16,
    EventMemory = 17,
    EventKey = 18,      ///< row of the keys and one, or 0
    EventProcess = 19,  ///< row of the processes and one, or 0
    EventSize = 20,     ///< row of the sizes
    EventRefCount = 21,
    EventLine = 22,
    EventTime = 23,
    EventSender = 24,  ///< as EventProcess
    FactNames = 32,    ///< names of kinds, each with a line end
    FactKind = 33,     ///< row of the names
    FactMemory = 34,
    FactLine = 35,
    FactDevice = 36,
    FactPid = 37,
    FactRefCount = 38,
    FactCount = 39,
    FactAddress = 40,
    FactAmount = 41,  ///< the bits of a double
    FactTotal = 42,
    DiagnosticNames = 48,   ///< names of codes, each with a line end
    DiagnosticCounts = 49,  ///< of each name: how many there were
    DiagnosticCode = 50,    ///< row of the names; of each that is kept
    DiagnosticLine = 51,
    DiagnosticLength = 52,
    DiagnosticText = 53,
    GapTime = 56,
    GapMessages = 57,
    GapLength = 58,
    GapText = 59,
    BlockOffset = 64,  ///< of the index: where a block's header is, and what stands in it
    BlockKind = 65,
    BlockStored = 66,
    BlockEvents = 67,
    BlockFirst = 68,
    BlockLine = 69,
    BlockLines = 70,
    BlockRaw = 71,
    StringLength = 80,  ///< the texts that attributes name, counted from 1 in the columns below; 0 is none
    StringText = 81,
    FrameFunction = 84,  ///< the calls of stacks, likewise
    FrameFile = 85,
    FrameModule = 86,
    FrameLine = 87,
    FrameOffset = 88,  ///< 2^64 - 1 is none
    NodeParent = 89,   ///< the stacks, likewise: a call of the stack and the row of what called it
    NodeFrame = 90,
    AttributeNames = 96,    ///< names of attributes, each with a line end
    AttributeValues = 128,  ///< of the first name, as a row of the texts or stacks; those of the others follow
};

/// How the rows of a column are stored. Numbers are stored in planes: the lowest byte of every row, then the next.
enum class ColumnEncoding : std::uint8_t {
    Offset = 0,    ///< what a row has above the base
    Constant = 1,  ///< every row is the base; nothing is stored
    Step = 2,      ///< what a row has above the row before, the first above the base; signed
    Bytes = 3,     ///< text, one byte a row
};

/// Appends columns to a payload.
class ColumnWriter {
public:
    explicit ColumnWriter(std::string& out) : m_out(out) {}

    /// No rows give no column.
    void numbers(ColumnId id, std::span<const std::uint64_t> rows);
    void text(ColumnId id, std::string_view bytes);
    /// rowOf(0), rowOf(1) ... up to `count`, signed numbers with their sign.
    template <typename RowOf>
    void rows(ColumnId id, std::size_t count, RowOf rowOf) {
        m_rows.resize(count);
        for (std::size_t i = 0; i < count; ++i) m_rows[i] = static_cast<std::uint64_t>(rowOf(i));
        numbers(id, m_rows);
    }

private:
    std::string& m_out;
    std::vector<std::uint64_t> m_rows;
};

/// The columns of a payload, which must live as long.
class ColumnReader {
public:
    /// None where the payload is no sequence of columns.
    [[nodiscard]] static std::optional<ColumnReader> open(std::string_view payload);

    /// Of the whole payload.
    [[nodiscard]] std::size_t bytes() const { return m_bytes; }
    [[nodiscard]] bool has(ColumnId id) const { return find(id) != nullptr; }
    /// How many rows a column has; 0 where there is none.
    [[nodiscard]] std::size_t count(ColumnId id) const;
    /// Fills `rows` with a column of exactly `count` rows, none where count is 0. False where there is no such column,
    /// or it is stored in a way that this program does not know.
    [[nodiscard]] bool numbers(ColumnId id, std::size_t count, std::vector<std::uint64_t>& rows) const;
    /// The text of a column; empty where there is none.
    [[nodiscard]] std::string_view text(ColumnId id) const;

private:
    struct Entry {
        std::uint16_t id;
        std::uint8_t encoding;
        std::uint8_t width;
        std::uint32_t rows;
        std::uint64_t base;
        std::string_view bytes;
    };
    [[nodiscard]] const Entry* find(ColumnId id) const;

    std::size_t m_bytes = 0;
    std::vector<Entry> m_entries;
};

}  // namespace alloclens::native
