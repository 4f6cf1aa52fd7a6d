// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sentences about a lifetime, an event or a finding. Reports and the inspector share them, so both say the same. Pure;
// any thread may call. Texts are not escaped.
#pragma once

#include <string>
#include <vector>

#include "core/analysis/analysis.h"

namespace alloclens {

/// A role for people: "freed again", "released", "allocated", ...
[[nodiscard]] std::string_view roleWords(Role role);
/// The same within a finding: a buffer that was never allocated is not freed "again".
[[nodiscard]] std::string_view roleWords(const Finding& finding, Role role);
/// A letter of a lifecycle for people: "first allocation", "partial free", ...
[[nodiscard]] std::string_view letterWords(Letter letter);
/// "8,192 B of DRAM, process 20645, line 14,896 to 14,936, 4.2 ms, freed".
[[nodiscard]] std::string lifetimeSentence(const Analysis& analysis, const Lifetime& lifetime);
/// "device 4  695055872 (0x296db600)  g1  DRAM  8,192 B  process 20645".
[[nodiscard]] std::string findingPlace(const Analysis& analysis, const Finding& finding);
/// The time of an event; "no time" if only other events have one; empty if the source has no times.
[[nodiscard]] std::string timeText(const Trace& trace, EventId event);
/// The same as a column before a line's text.
[[nodiscard]] std::string timeColumn(const Trace& trace, EventId event);
/// "a.log.1:57  " if the trace has several files, else empty.
[[nodiscard]] std::string placeColumn(const Trace& trace, std::uint32_t line);
/// For a refused free: "freed again 4.2 ms after it was freed, by process 77, which is not the owner (42)". Empty for
/// other findings, and if the source does not show it.
[[nodiscard]] std::string surplusSentence(const Analysis& analysis, const Finding& finding);
/// A candidate of a verdict, with one sentence for each piece of evidence.
struct CandidateWords {
    Cause cause = Cause::Undetermined;
    std::uint8_t confidence = 0;  ///< per cent
    std::vector<std::string> evidenceFor;
    std::vector<std::string> evidenceAgainst;
};
/// The candidates, the likeliest first. Empty for findings that are not refused frees.
[[nodiscard]] std::vector<CandidateWords> candidateWords(const Findings& findings, FindingId finding);
/// "freed again by a stale owner (85 %)", "undetermined: freed again by a stale owner (40 %) or ...". Empty for
/// findings that are not refused frees.
[[nodiscard]] std::string verdictSentence(const Findings& findings, FindingId finding);
/// All sentences about a finding: what happened when, its cause with the evidence, suspects, the mesh, contradictions.
[[nodiscard]] std::vector<std::string> findingSentences(const Analysis& analysis, FindingId finding);
/// A divergence of a device: "device 5 lacks 1 allocation that 7 devices in step have". Empty for other findings.
[[nodiscard]] std::string meshSentence(const Analysis& analysis, FindingId finding);
/// A free that a stale owner may have sent: "freed at line 14,021 (72 %), so that the refused free at line 15,300 is
/// the rightful one".
[[nodiscard]] std::string suspectSentence(const Analysis& analysis, const Suspicion& suspicion,
                                          const SuspectCandidate& candidate);
/// "in use without protection from line 14,021 to line 15,300": how long the buffer was in use after its address was
/// freed.
[[nodiscard]] std::string exposureSentence(const Analysis& analysis, const Suspicion& suspicion);
/// "the line prints ref_count 3, the replay has 2".
[[nodiscard]] std::string contradictionSentence(const Contradiction& contradiction);
/// Describes a replay divergence: each contradiction of its event, or the sum that is wrong.
[[nodiscard]] std::vector<std::string> divergenceSentences(const Analysis& analysis, const Finding& finding);

/// What users must know about how a file was read before they trust the result, one sentence each; mostly empty.
[[nodiscard]] std::vector<std::string> readingNotes(const Trace& trace);

}  // namespace alloclens
