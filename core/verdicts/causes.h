// SPDX-License-Identifier: GPL-3.0-or-later
//
// The possible causes of a refused free, one test each (docs/verdicts.md defines them). A test returns a candidate with
// evidence for and against it, or nothing. Confidence is a sum of points in per cent. Points are few and round, so that
// the document can list them. Pure; several threads weigh different findings at once.
//
//     refused free                                  candidates                         verdict
//     sent by another process than the owner        stale-owner 85                     stale-owner, 85 %
//     sent again at once, one device, one lifetime  view-frees-parent 45, mesh-levels  undetermined: none has
//                                                   30, stale-owner 20                 kDecided points
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/verdicts/surplus_facts.h"

namespace alloclens {

/// A candidate while its test adds points.
class Weighed {
public:
    explicit Weighed(Cause of) : cause(of) {}

    Cause cause;
    int points = 0;

    /// Adds points, which may be negative, and the clue as evidence: for the cause if `more` is positive, else against
    /// it. Requires: fewer clues than kMost were added.
    Weighed& add(int more, Clue clue, std::uint32_t number = 0);
    [[nodiscard]] std::span<const Evidence> evidence() const { return std::span(m_evidence).first(m_count); }

private:
    /// More than any test adds. Stored in place, since each refused free makes several.
    static constexpr std::size_t kMost = 8;
    std::array<Evidence, kMost> m_evidence;
    std::size_t m_count = 0;
};

/// What all tests look at.
struct CaseFile {
    const Replay& replay;
    const SurplusStudy& study;
    const Finding& finding;
    const SurplusFacts& facts;
    std::uint32_t damagedLines = 0;  ///< on its line or next to it
    bool isOfOneServer = true;       ///< else the owner may be a process of another server
};

/// A verdict needs kDecided points. Verdicts from kConfident on are expected to be right.
inline constexpr int kDecided = 50;
inline constexpr int kConfident = 70;

/// Replaces `candidates` by those of the case, the likeliest first.
void weighCauses(const CaseFile& file, std::vector<Weighed>& candidates);

}  // namespace alloclens
