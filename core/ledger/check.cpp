// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/check.h"

#include <fmt/format.h>

#include <algorithm>

namespace alloclens {
namespace {

constexpr auto kMissing = Explanation::MissingLine;
constexpr auto kChanged = Explanation::ChangedNumber;
constexpr auto kEarlier = Explanation::EarlierFailure;

constexpr std::array<CheckKindInfo, kCheckKindCount> kChecks = {{
    {"lines-accounted", "every line belongs to one of four sorts", kChanged},
    {"conservation-of-key", "allocations and frees of each address add up", kMissing},
    {"conservation-in-total", "all allocations and frees add up", kMissing},
    {"entry-exists", "a line agrees with the live entries", kMissing},
    {"reference-count", "the reference count on a line", kMissing},
    {"size-on-free", "the size that a free prints", kChanged},
    {"owner-on-free", "the owner that a free prints", kChanged},
    {"sweep-announced", "announcement and result of a sweep", kMissing},
    {"sweep-entries", "the entries that a sweep removed", kMissing},
    {"sweep-bytes", "the MB that a sweep removed", kEarlier},
    {"statistics-block", "all rows of a statistics block", kMissing},
    {"statistics-devices", "the devices of a statistics block", kMissing},
    {"statistics-buffers", "live buffers of a device", kMissing},
    {"statistics-bytes", "live bytes of a device and memory", kEarlier},
    {"statistics-kilobytes", "bytes and KB of one row", kChanged},
    {"active-allocations", "live buffers of all devices", kMissing},
    {"remaining-block", "all rows of a REMAINING dump", kMissing},
    {"remaining-total", "buffers of a REMAINING dump", kMissing},
    {"remaining-buffers", "buffers of a memory in a dump", kMissing},
    {"remaining-bytes", "MB of a memory in a dump", kEarlier},
    {"remaining-listed", "the buffers that a dump lists", kMissing},
    {"remaining-entry-size", "the size of a listed buffer", kChanged},
    {"remaining-entry-owner", "the owner of a listed buffer", kChanged},
    {"remaining-entry-count", "the reference count of a listed buffer", kMissing},
    {"already-freed-counts", "allocations and frees of a refused free", kMissing},
    {"history-counts", "allocations and frees of a history", kMissing},
    {"history-lines", "the length of a history", kMissing},
    {"history-event", "a line of a history", kEarlier},
    {"size-change-announced", "the notice of another size", kMissing},
    {"size-change", "the two sizes of a notice", kEarlier},
    {"double-freed-listed", "the entries of the DOUBLE-FREED report", kMissing},
    {"double-freed-counts", "allocations and frees in the report", kMissing},
    {"circular-buffer-total", "the running total of circular buffers", kMissing},
    {"kernel-total", "the running total of kernels", kMissing},
    {"sweep-counters", "circular buffers and kernels of a sweep", kMissing},
    {"kernel-dump-count", "kernels of a dump", kMissing},
    {"kernel-dump-bytes", "MB of kernels in a dump", kEarlier},
    {"devices-detected", "the devices that were detected", kMissing},
}};
static_assert(static_cast<std::size_t>(CheckKind::DevicesDetected) + 1 == kCheckKindCount);

}  // namespace

const CheckKindInfo& checkInfo(CheckKind kind) { return kChecks[static_cast<std::size_t>(kind)]; }

std::string FailedCheck::sentence() const {
    return fmt::format("{}: expected {}, the log has {}", subject, expected, actual);
}

void CheckList::fail(CheckKind kind, std::uint32_t line, std::string subject, std::string expected,
                     std::string actual) {
    auto& first = m_firstLine[static_cast<std::size_t>(checkInfo(kind).explanation)];
    first = std::min(first.value_or(line), line);
    if (m_failed[index(kind)]++ >= kKeptPerKind) return;
    m_kept.push_back({kind, line, std::move(subject), std::move(expected), std::move(actual)});
}

}  // namespace alloclens
