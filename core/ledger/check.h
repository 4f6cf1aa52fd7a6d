// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the ledger can hold a log to: one row a check, with its stable name, what it compares, and what a failure of it
// says of the log. docs/ledger.md explains each. A new check is a value here and a row in check.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/trace/event.h"

namespace alloclens {

enum class CheckKind : std::uint8_t {
    LinesAccounted,
    ConservationOfKey,
    ConservationInTotal,
    EntryExists,
    ReferenceCount,
    SizeOnFree,
    OwnerOnFree,
    SweepAnnounced,
    SweepEntries,
    SweepBytes,
    StatisticsBlock,
    StatisticsDevices,
    StatisticsBuffers,
    StatisticsBytes,
    StatisticsKilobytes,
    ActiveAllocations,
    RemainingBlock,
    RemainingTotal,
    RemainingBuffers,
    RemainingBytes,
    RemainingListed,
    RemainingEntrySize,
    RemainingEntryOwner,
    RemainingEntryCount,
    AlreadyFreedCounts,
    HistoryCounts,
    HistoryLines,
    HistoryEvent,
    SizeChangeAnnounced,
    SizeChange,
    DoubleFreedListed,
    DoubleFreedCounts,
    CircularBufferTotal,
    KernelTotal,
    SweepCounters,
    KernelDumpCount,
    KernelDumpBytes,
    DevicesDetected,
};
inline constexpr std::size_t kCheckKindCount = 38;

/// What explains a failure of a check.
enum class Explanation : std::uint8_t {
    MissingLine,     ///< one lost line is enough
    ChangedNumber,   ///< a number is false, or two lines of one key were lost together
    EarlierFailure,  ///< a lost line before it, if there is a trace of one; else a false number
};

struct CheckKindInfo {
    std::string_view name;   ///< stable identifier, such as "statistics-bytes"
    std::string_view title;  ///< for people: what is compared
    Explanation explanation;
};
[[nodiscard]] const CheckKindInfo& checkInfo(CheckKind kind);

/// A number of the log that is not what the lines before it add up to.
struct FailedCheck {
    CheckKind kind = CheckKind::LinesAccounted;
    std::uint32_t line = 0;  ///< 0: the log as a whole
    std::string subject;     ///< "DRAM of device 4"
    std::string expected;    ///< by the replay, as the log would print it
    std::string actual;      ///< by the log
    /// "DRAM of device 4 should be 4096 bytes by the lines before, and the log says 8192 bytes".
    [[nodiscard]] std::string sentence() const;
};

/// Where checks report to. Passed ones are counted; of failed ones the first of each kind are kept as well.
class CheckList {
public:
    static constexpr std::size_t kKeptPerKind = 200;

    void pass(CheckKind kind, std::uint64_t times = 1) { m_passed[index(kind)] += times; }
    void fail(CheckKind kind, std::uint32_t line, std::string subject, std::string expected, std::string actual);
    /// Either of the two; gives `holds`. The texts are only made where it does not.
    template <typename Subject, typename Number>
    bool hold(CheckKind kind, bool holds, std::uint32_t line, const Subject& subject, const Number& expected,
              const Number& actual) {
        if (holds) {
            pass(kind);
        } else {
            fail(kind, line, subject(), std::to_string(expected), std::to_string(actual));
        }
        return holds;
    }
    /// The same where the two numbers must be equal.
    template <typename Subject>
    bool equal(CheckKind kind, std::uint32_t line, const Subject& subject, std::uint64_t expected,
               std::uint64_t actual) {
        return hold(kind, expected == actual, line, subject, expected, actual);
    }

    [[nodiscard]] std::uint64_t passed(CheckKind kind) const { return m_passed[index(kind)]; }
    [[nodiscard]] std::uint64_t failed(CheckKind kind) const { return m_failed[index(kind)]; }
    [[nodiscard]] const std::vector<FailedCheck>& kept() const { return m_kept; }
    [[nodiscard]] std::vector<FailedCheck> takeKept() { return std::move(m_kept); }
    /// The first line at which a check with this explanation failed.
    [[nodiscard]] std::optional<std::uint32_t> firstLine(Explanation explanation) const {
        return m_firstLine[static_cast<std::size_t>(explanation)];
    }

private:
    [[nodiscard]] static std::size_t index(CheckKind kind) { return static_cast<std::size_t>(kind); }

    std::array<std::uint64_t, kCheckKindCount> m_passed{};
    std::array<std::uint64_t, kCheckKindCount> m_failed{};
    std::array<std::optional<std::uint32_t>, 3> m_firstLine{};
    std::vector<FailedCheck> m_kept;
};

}  // namespace alloclens
