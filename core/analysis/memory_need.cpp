// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/memory_need.h"

#include <fmt/format.h>

#include "core/base/units.h"

namespace alloclens {

std::uint64_t replayNeeds(const Trace& trace) {
    constexpr std::uint64_t kBytesAnEvent = 22;  // includes half of a lifetime
    constexpr std::uint64_t kBytesAKey = 120;
    return trace.events.count() * kBytesAnEvent + trace.addresses.size() * kBytesAKey;
}

std::uint64_t findingsNeed(const Replay& replay) {
    constexpr std::uint64_t kBytesARefusedFree = 230;
    constexpr std::uint64_t kBytesAnother = 130;
    const std::uint64_t others = replay.totals.aliasedAllocations + replay.unfreed.size()
                                 + replay.contradictions.size();
    return replay.totals.unknownFrees * kBytesARefusedFree + others * kBytesAnother;
}

Result<void> fitsInMemory(const Trace& trace, std::uint64_t needed, std::optional<std::uint64_t> available) {
    if (!available || needed <= *available) return {};
    return Error{
        ErrorKind::Input,
        fmt::format("needs more memory than is available: the analysis of its {} needs about {}, and {} are free",
                    formatQuantity(trace.events.count(), "event"), formatBytes(needed), formatBytes(*available)),
        trace.source ? trace.source->path() : std::string(),
        "Close other programs, or split the file and open its parts."};
}

}  // namespace alloclens
