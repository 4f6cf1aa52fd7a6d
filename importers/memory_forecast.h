// SPDX-License-Identifier: GPL-3.0-or-later
//
// Estimates during reading whether memory will hold the whole source and its analysis. An event that becomes a finding
// takes several times the memory of a plain one, and so does the first event of an address. So it counts events by
// kind, each once. Used by the thread that joins parts.
//
//     half is read and takes 1 GB, of which 0.6 GB came since the check at a quarter: the other half will take 1.2 GB
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "core/trace/trace_builder.h"

namespace alloclens {

class MemoryForecast {
public:
    /// `memory` is how many bytes may be taken; 0 means what the system has.
    explicit MemoryForecast(std::uint64_t memory);

    /// Checks the number of events before reading, as if all were plain. Errors: as check().
    [[nodiscard]] Result<void> checkEvents(std::uint64_t events, const std::string& path) const;
    /// Checks what the builder has, which is `fraction` of the source; 1 if its size is unknown. Assumes that the rest
    /// is like the part since the last check. The first check assumes plain events, since sources may begin in unusual
    /// ways. Errors: it needs more memory than is free; names both.
    [[nodiscard]] Result<void> check(TraceBuilder& builder, double fraction, const std::string& path);

private:
    struct Counts {
        double events = 0;
        double facts = 0;
        double keys = 0;
        double refused = 0;
        double aliased = 0;
        double attributeBytes = 0;

        [[nodiscard]] double plainBytes() const;
        [[nodiscard]] double bytes() const;
    };

    void count(TraceBuilder& builder);
    [[nodiscard]] Result<void> fits(double needed, double events, double facts, const std::string& path) const;

    double m_memory;
    Counts m_counts;
    std::size_t m_counted = 0;  ///< events
    double m_lastBytes = 0;     ///< at the last check
    double m_lastFraction = 0;
};

}  // namespace alloclens
