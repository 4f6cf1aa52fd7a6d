// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sentences that a report and the inspector say about one lifetime or one event, so that both say the same.
#pragma once

#include <string>
#include <vector>

#include "core/analysis/analysis.h"

namespace alloclens {

/// "freed again", "released", "allocated" ... as a person reads a role.
[[nodiscard]] std::string_view roleWords(Role role);
/// The same in a finding: what was never allocated cannot be freed "again".
[[nodiscard]] std::string_view roleWords(const Finding& finding, Role role);
/// What one letter of a lifecycle says: "first allocation", "partial free" ...
[[nodiscard]] std::string_view letterWords(Letter letter);
/// A lifetime in one line: "8,192 B of DRAM, process 20645, line 14,896 to 14,936, 4.2 ms, freed".
[[nodiscard]] std::string lifetimeSentence(const Analysis& analysis, const Lifetime& lifetime);
/// Where a finding is: "device 4  695055872 (0x296db600)  g1  DRAM  8,192 B  process 20645".
[[nodiscard]] std::string findingPlace(const Analysis& analysis, const Finding& finding);
/// An event's time as text, "no time" where the source has times but none of it, empty where it has none at all.
[[nodiscard]] std::string timeText(const Trace& trace, EventId event);
/// The same as a column in front of a line's text.
[[nodiscard]] std::string timeColumn(const Trace& trace, EventId event);
/// "a.log.1:57  " for a line of a trace of several files, empty for one of one.
[[nodiscard]] std::string placeColumn(const Trace& trace, std::uint32_t line);
/// Of a refused free, where the source tells: "freed again 4.2 ms after it was freed, by process 77, which is not the
/// owner (42)". Empty else.
[[nodiscard]] std::string surplusSentence(const Analysis& analysis, const Finding& finding);
/// A candidate of a verdict in words, its evidence one sentence a piece.
struct CandidateWords {
    Cause cause = Cause::Undetermined;
    std::uint8_t confidence = 0;  ///< per cent
    std::vector<std::string> evidenceFor;
    std::vector<std::string> evidenceAgainst;
};
/// The likeliest first; none of findings that are no refused frees.
[[nodiscard]] std::vector<CandidateWords> candidateWords(const Findings& findings, FindingId finding);
/// "freed again by a stale owner (85 %)", "undetermined: freed again by a stale owner (40 %) or ..."; empty for
/// findings that are no refused frees.
[[nodiscard]] std::string verdictSentence(const Findings& findings, FindingId finding);
/// All that there is to say of a finding, a sentence each: what happened when, its cause with what speaks for it and
/// against it, suspects, the mesh, contradictions.
[[nodiscard]] std::vector<std::string> findingSentences(const Analysis& analysis, FindingId finding);
/// What a device lacks or has alone: "device 5 lacks 1 allocation that 7 devices in step have"; empty for other
/// findings.
[[nodiscard]] std::string meshSentence(const Analysis& analysis, FindingId finding);
/// A free that a stale owner may have made: "freed at line 14,021 (72 %), so that the refused free at line 15,300 is
/// the rightful one".
[[nodiscard]] std::string suspectSentence(const Analysis& analysis, const Suspicion& suspicion,
                                          const SuspectCandidate& candidate);
/// How long the buffer was in use and its address free: "in use without protection from line 14,021 to line 15,300".
[[nodiscard]] std::string exposureSentence(const Analysis& analysis, const Suspicion& suspicion);
/// What a contradiction says: "the line prints ref_count 3, the replay has 2".
[[nodiscard]] std::string contradictionSentence(const Contradiction& contradiction);
/// What a replay divergence is about: every contradiction of its event, or the sum that does not hold.
[[nodiscard]] std::vector<std::string> divergenceSentences(const Analysis& analysis, const Finding& finding);

/// What a person must know of the reading of a file before trusting what is shown of it, a sentence each; mostly none.
[[nodiscard]] std::vector<std::string> readingNotes(const Trace& trace);

}  // namespace alloclens
