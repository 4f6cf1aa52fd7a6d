// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which place of one run lies beside which place of another: a map that never goes back, made of what both runs have in
// common. Events match if kind, device, address, memory and size are equal, in the order in which they come on their
// device; processes are not compared, as another run has others. If the addresses differ, sizes alone match; if too
// little matches, the map goes by the share of the run, and by() says so. Places are numbers of events and parts of
// them.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/compare/sequence_match.h"

namespace alloclens {

enum class AlignedBy : std::uint8_t { Events, Sizes, Share };

/// The place `offset + scale * place` of the other run.
struct AlignmentLine {
    double scale = 1;
    double offset = 0;
};

class Alignment {
public:
    /// Each run from end to end.
    [[nodiscard]] static Alignment byShare(std::array<std::size_t, 2> events);
    /// `matches` rise in both. Outside of them and between them the map is linear.
    [[nodiscard]] static Alignment byMatches(const std::vector<Match>& matches, std::array<std::size_t, 2> events,
                                             AlignedBy by);

    [[nodiscard]] AlignedBy by() const { return m_by; }
    /// How many events the map is made of. Of very long runs, only a sample is compared.
    [[nodiscard]] std::uint64_t matches() const { return m_matches; }
    /// The place of the other run beside `place` of `run` (0: before, 1: after).
    [[nodiscard]] double beside(std::size_t run, double place) const;

private:
    struct Anchor {
        std::array<double, 2> at;  ///< by run
    };

    std::vector<Anchor> m_anchors;  ///< rising in both; those between neighbours of equal distance are left out
    std::array<double, 2> m_events = {1, 1};
    std::uint64_t m_matches = 0;
    AlignedBy m_by = AlignedBy::Share;
};

/// The line that a map over [from, to) follows for most of its way: medians of many places, so that a part that one
/// run lacks does not bend it. A scale close to 1 is 1: then both runs are shown at one zoom.
[[nodiscard]] AlignmentLine lineAlong(const std::function<double(double)>& map, double from, double to);

/// The map, and what it was made from.
struct AlignedRuns {
    Alignment alignment;
    std::vector<Match> matches;  ///< events that both runs have, in the order of the first; the others may go back
};

/// n log n in the events of both, on all cores; at most some millions of events are compared. Errors: cancelled.
[[nodiscard]] Result<AlignedRuns> alignRuns(const Analysis& before, const Analysis& after, const TaskContext& task);

}  // namespace alloclens
