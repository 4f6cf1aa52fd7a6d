// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tells while a source is read whether all that is expected of it can be held, analysis included. An event that becomes
// a finding takes several times the memory of a plain one, and so does the first event of an address: what there is so
// far is counted by kinds, each event once. Used by the thread that puts parts together.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "core/trace/trace_builder.h"

namespace alloclens {

class MemoryForecast {
public:
    /// `memory` is what may be taken, 0 meaning what the system has.
    explicit MemoryForecast(std::uint64_t memory);

    /// Before anything is read: of so many events, which may be plain.
    [[nodiscard]] Result<void> checkEvents(std::uint64_t events, const std::string& path) const;
    /// The builder has that fraction of the source, 1 where nobody knows how much will come. What comes is taken to be
    /// like what came since the check before; at the first check only its numbers are, not its kinds, as a source may
    /// begin in an unusual way. The error says how much memory is needed, and how much is free.
    [[nodiscard]] Result<void> check(TraceBuilder& builder, double fraction, const std::string& path);

private:
    struct Counts {
        double events = 0;
        double facts = 0;
        double keys = 0;
        double refused = 0;
        double aliased = 0;

        [[nodiscard]] double plainBytes() const;
        [[nodiscard]] double bytes() const;
    };

    void count(TraceBuilder& builder);
    [[nodiscard]] Result<void> fits(double needed, double events, double facts, const std::string& path) const;

    double m_memory;
    Counts m_counts;
    std::size_t m_counted = 0;  ///< events
    double m_lastBytes = 0;     ///< at the check before, when there was that fraction
    double m_lastFraction = 0;
};

}  // namespace alloclens
