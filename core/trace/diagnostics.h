// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is wrong in the file itself, as against findings, which are wrong in the traced program. A diagnostic has a
// code, a line and a short detail. All are counted; the text of the first few thousand of each code is kept, so that
// a file of nothing but damage cannot exhaust memory.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alloclens {

enum class DiagnosticCode : std::uint8_t {
    TornLine,          ///< parts of an event line without the rest
    JoinedEvents,      ///< several events on one line: a line end was lost
    UnfinishedLine,    ///< the last line has no end; what it says was read if it was whole
    NulBytes,          ///< a run of NUL bytes, as a truncation of an open file leaves
    OverlongLine,      ///< a line longer than is searched as a whole
    InvalidUtf8,       ///< bytes that are no UTF-8
    NumberOutOfRange,  ///< a number that does not fit its field
    UnknownMemory,     ///< a memory name that no server prints
    NoAddress,         ///< an allocation line without its buffer id
    MissingDevice,     ///< an event without a device, placed where its address was last seen
    CompressedTail,    ///< the compressed stream ends early; what came before was read
    SkippedBytes,      ///< bytes of a capture that are no part of a message
    TruncatedRecord,   ///< a capture ends within a message
    InvalidMessage,    ///< a message that servers refuse
    BufferTypes,       ///< buffer types that look numbered otherwise than they were read
    DamagedBlock,      ///< a block of a binary trace that cannot be read; the others were
    UnfinishedTrace,   ///< a binary trace that its writer did not finish; its whole blocks were read
    RecordingGap,      ///< messages that the recorder had to drop
    PartOfRun,         ///< one file of a recording in several, without those before it
    MissingPart,       ///< a file of a recording in several is not there, so what follows it was left out
    Reassembled,       ///< an event that was put together from the parts of torn lines
    SeveralServers,    ///< the lines of several servers in one log
    RepeatsCut,        ///< a line stands for so many more that not all of them were counted
    TornUnsearched,    ///< so many torn lines that the last of them were not put together
    MissingLines,      ///< lines that the log's collector says it left out
    MisreadMessages,   ///< the server complained of messages that it could not read
    NewestFirst,       ///< the lines run backwards in time
    PartsOutOfOrder,   ///< parts of the log stand in the wrong order
    RepeatedStretch,   ///< a stretch of the log is there twice
    OddTime,           ///< a time that cannot be right by those of the other events, or a clock that was set back
};
inline constexpr int kDiagnosticCodeCount = 30;

/// The stable identifier: "torn-line", "joined-events" ...
[[nodiscard]] std::string_view diagnosticName(DiagnosticCode code);
[[nodiscard]] std::optional<DiagnosticCode> diagnosticFromName(std::string_view name);
/// One sentence that explains the code to a person.
[[nodiscard]] std::string_view diagnosticExplanation(DiagnosticCode code);

struct Diagnostic {
    DiagnosticCode code = DiagnosticCode::TornLine;
    std::uint32_t line = 0;  ///< 1-based; 0 where the whole file is meant
    std::string detail;
};

class Diagnostics {
public:
    static constexpr std::size_t kKeptPerCode = 2000;

    void add(Diagnostic diagnostic);
    /// Counts some whose text was not kept.
    void addUnkept(DiagnosticCode code, std::uint64_t count) { m_counts[static_cast<std::size_t>(code)] += count; }
    /// Takes over what a part of the file gave, its line numbers counted from `lineOffset`.
    void append(Diagnostics&& part, std::uint32_t lineOffset);
    /// Orders the kept ones by line.
    void sortByLine();

    [[nodiscard]] std::uint64_t count(DiagnosticCode code) const { return m_counts[static_cast<std::size_t>(code)]; }
    [[nodiscard]] std::uint64_t total() const;
    [[nodiscard]] const std::vector<Diagnostic>& kept() const { return m_kept; }

private:
    std::array<std::uint64_t, kDiagnosticCodeCount> m_counts{};
    std::array<std::uint32_t, kDiagnosticCodeCount> m_keptCounts{};
    std::vector<Diagnostic> m_kept;
};

}  // namespace alloclens
