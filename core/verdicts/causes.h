// SPDX-License-Identifier: GPL-3.0-or-later
//
// The causes that a refused free may have, one test each (docs/verdicts.md has their definitions). A test adds its
// candidate, with the evidence for and against it, or nothing. Confidence is a sum of points in per cent; the points
// are few and round, so that the document can state them.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "core/verdicts/surplus_facts.h"

namespace alloclens {

/// A candidate that is being weighed.
class Weighed {
public:
    explicit Weighed(Cause of) : cause(of) {}

    Cause cause;
    int points = 0;

    Weighed& add(int more, Clue clue, std::uint32_t number = 0);
    [[nodiscard]] std::span<const Evidence> evidence() const { return std::span(m_evidence).first(m_count); }

private:
    static constexpr std::size_t kMost = 8;  // no test has as many; held in place, as it is made for every refused free
    std::array<Evidence, kMost> m_evidence;
    std::size_t m_count = 0;
};

/// What all tests look at.
struct CaseFile {
    const Replay& replay;
    const SurplusStudy& study;
    const Finding& finding;
    const SurplusFacts& facts;
    std::uint32_t damagedLines = 0;  ///< on its line or beside it
    bool isOfOneServer = true;       ///< else the owner may be a process of another server
};

/// Below this nothing is decided; from kConfident on a verdict has to be right.
inline constexpr int kDecided = 50;
inline constexpr int kConfident = 70;

/// Makes `candidates` those of the case, the likeliest first.
void weighCauses(const CaseFile& file, std::vector<Weighed>& candidates);

}  // namespace alloclens
