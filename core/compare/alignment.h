// SPDX-License-Identifier: GPL-3.0-or-later
//
// Maps positions of one run to positions of another, made from the events that both have; it never goes back. Events
// match if kind, device, address, memory and size are equal, in the order of their device. Processes are not compared,
// since another run has others. If addresses differ, sizes alone must match; if too little matches, the map stretches
// one run to the other's length, and by() is Share. Positions are event numbers and fractions of them. Immutable.
//
//     before  A F x y A F      events 0..5      beside(0, 4) is 2
//     after   A F A F          events 0..3      beside(1, 2) is 4
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/compare/sequence_match.h"

namespace alloclens {

enum class AlignedBy : std::uint8_t { Events, Sizes, Share };

/// A linear map: `place` of one run is beside `offset + scale * place` of the other.
struct AlignmentLine {
    double scale = 1;
    double offset = 0;
};

class Alignment {
public:
    /// Stretches the first run to the length of the second. `events` are their numbers of events.
    [[nodiscard]] static Alignment byShare(std::array<std::size_t, 2> events);
    /// Linear between two matches; outside of them distances stay as they are. Requires: `matches` rise in both runs.
    [[nodiscard]] static Alignment byMatches(const std::vector<Match>& matches, std::array<std::size_t, 2> events,
                                             AlignedBy by);

    [[nodiscard]] AlignedBy by() const { return m_by; }
    /// How many event pairs the map was made from. Of very long runs only a sample is compared.
    [[nodiscard]] std::uint64_t matches() const { return m_matches; }
    /// The position in the other run beside `place` of run `run` (0: before, 1: after).
    [[nodiscard]] double beside(std::size_t run, double place) const;

private:
    struct Anchor {
        std::array<double, 2> at;  ///< by run
    };

    std::vector<Anchor> m_anchors;  ///< rising in both; leaves out those at the same distance as both neighbours
    std::array<double, 2> m_events = {1, 1};
    std::uint64_t m_matches = 0;
    AlignedBy m_by = AlignedBy::Share;
};

/// The straight line that a map follows over most of [from, to). It uses medians of many positions, so a part that one
/// run lacks does not bend it. A scale close to 1 becomes 1: then both runs are shown at the same zoom.
[[nodiscard]] AlignmentLine lineAlong(const std::function<double(double)>& map, double from, double to);

/// An alignment and the matches that it was made from.
struct AlignedRuns {
    Alignment alignment;
    std::vector<Match> matches;  ///< events that both runs have, by their position in the first; `after` may go back
};

/// Takes n log n in the events of both, on all cores; compares some millions of events at most. Errors: cancelled.
[[nodiscard]] Result<AlignedRuns> alignRuns(const Analysis& before, const Analysis& after, const TaskContext& task);

}  // namespace alloclens
