// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/wording/story.h"

#include <fmt/format.h>

#include "core/base/time_units.h"
#include "core/base/units.h"

namespace alloclens {

std::string_view roleWords(Role role) {
    switch (role) {
    case Role::Allocated: return "allocated";
    case Role::Aliased: return "allocated again";
    case Role::Released: return "freed";
    case Role::FreedAgain: return "freed again";
    case Role::Swept: return "swept";
    case Role::Candidate: return "candidate";
    }
    return {};
}

std::string_view roleWords(const Finding& finding, Role role) {
    const bool isUnknown = static_cast<FindingKind>(finding.kind) == FindingKind::UnknownFree;
    if (!isUnknown || role != Role::FreedAgain) return roleWords(role);
    return finding.generation == 0 ? "freed, never allocated" : "freed after the restart";
}

std::string_view letterWords(Letter letter) {
    switch (letter) {
    case Letter::First: return "first allocation";
    case Letter::Aliased: return "allocation of a live address";
    case Letter::Partial: return "partial free";
    case Letter::Final: return "final free";
    case Letter::Refused: return "refused free";
    case Letter::Swept: return "dead-process sweep";
    case Letter::None: return "server restart";
    }
    return {};
}

std::string lifetimeSentence(const Analysis& analysis, const Lifetime& lifetime) {
    const EventTable& events = analysis.trace->events;
    std::string text = lifetime.size == kNoSize ? std::string("size unknown") : formatBytes(lifetime.size);
    if (lifetime.memory != Memory::Unknown) text += fmt::format(" of {}", memoryName(lifetime.memory));
    const std::int32_t pid = analysis.trace->pid(lifetime.owner);
    if (pid != kNoPid) text += fmt::format(", process {}", pid);
    text += fmt::format(", line {}", formatCount(events.line[lifetime.first.index()]));
    if (lifetime.beginLost) text += " (its allocation is not in the log)";
    if (lifetime.last.isValid()) {
        text += fmt::format(" to {}", formatCount(events.line[lifetime.last.index()]));
        const std::int64_t from = events.timeOf(lifetime.first);
        const std::int64_t to = events.timeOf(lifetime.last);
        if (from != kNoTime && to != kNoTime) text += fmt::format(", {}", formatDuration(timeBetween(from, to)));
    }
    switch (lifetime.end) {
    case LifetimeEnd::Open:
        return text + (analysis.findings.ledger.trust.hasOwnEnd ? ", never freed" : ", open where the log ends");
    case LifetimeEnd::Freed: return text + ", freed";
    case LifetimeEnd::Swept: return text + ", removed by a dead-process sweep";
    case LifetimeEnd::Lost: return text + ", its release is not in the log";
    case LifetimeEnd::Restarted: return text + ", still open when the server was restarted";
    }
    return text;
}

std::string findingPlace(const Analysis& analysis, const Finding& finding) {
    std::string text;
    if (finding.address.isValid()) {
        const AddressKey& key = analysis.key(finding.address);
        text = fmt::format("device {}  {} ({})", deviceText(key.device), key.address, formatHex(key.address));
    }
    if (finding.generation > 0) text += fmt::format("  g{}", finding.generation);
    if (finding.memory != Memory::Unknown) text += fmt::format("  {}", memoryName(finding.memory));
    if (finding.size != kNoSize) text += fmt::format("  {}", formatBytes(finding.size));
    const auto pids = findingPids(analysis.replay, analysis.findings, finding);
    if (!pids.empty()) text += fmt::format("  process {}", fmt::join(pids, ", "));
    return text;
}

std::string timeText(const Trace& trace, EventId event) {
    if (!trace.hasTime()) return {};
    const std::int64_t time = trace.events.timeOf(event);
    return time == kNoTime ? std::string("no time") : formatTime(time);
}

std::string placeColumn(const Trace& trace, std::uint32_t line) {
    const std::string place = trace.source->placeInFile(line);
    return place.empty() ? place : place + "  ";
}

std::string timeColumn(const Trace& trace, EventId event) {
    constexpr std::size_t kWidth = 30;  // of an ISO time
    return trace.hasTime() ? fmt::format("{:<{}}  ", timeText(trace, event), kWidth) : std::string();
}

std::string surplusSentence(const Analysis& analysis, const Finding& finding) {
    const Trace& trace = *analysis.trace;
    const EventId again = analysis.findings.eventIn(finding, Role::FreedAgain);
    if (!again.isValid()) return {};
    std::string text;
    for (const Role role : {Role::Released, Role::Swept}) {
        const EventId before = analysis.findings.eventIn(finding, role);
        if (!before.isValid()) continue;
        const std::int64_t from = trace.events.timeOf(before);
        const std::int64_t to = trace.events.timeOf(again);
        if (from == kNoTime || to == kNoTime) continue;
        text = fmt::format("freed again {} after it was {}", formatDuration(timeBetween(from, to)), roleWords(role));
    }
    const std::int32_t sender = trace.pid(trace.events.senderOf(again));
    if (sender == kNoPid || !finding.lifetime.isValid()) return text;
    const std::int32_t owner = trace.pid(analysis.replay.ownerOf(finding.lifetime));
    if (owner == kNoPid || owner == sender) return text;
    return fmt::format("{}by process {}, which is not the owner ({})", text.empty() ? "freed again " : text + ", ",
                       sender, owner);
}

std::vector<CandidateWords> candidateWords(const Findings& findings, FindingId finding) {
    std::vector<CandidateWords> words;
    const Verdict* verdict = findings.verdicts.of(finding);
    if (verdict == nullptr) return words;
    std::size_t at = verdict->firstEvidence;
    for (std::size_t i = 0; i < verdict->candidateCount; ++i) {
        const Candidate& candidate = findings.verdicts.candidates[verdict->firstCandidate + i];
        CandidateWords& of = words.emplace_back();
        of.cause = candidate.cause;
        of.confidence = candidate.confidence;
        for (std::size_t k = 0; k < candidate.evidence; ++k) {
            const Evidence& evidence = findings.verdicts.evidence[at++];
            (evidence.isFor ? of.evidenceFor : of.evidenceAgainst).push_back(evidenceSentence(evidence));
        }
    }
    return words;
}

std::string verdictSentence(const Findings& findings, FindingId finding) {
    const Verdict* verdict = findings.verdicts.of(finding);
    if (verdict == nullptr) return {};
    if (verdict->cause != Cause::Undetermined)
        return fmt::format("{} ({} %)", causeWords(verdict->cause), verdict->confidence);
    std::string text = "undetermined";
    for (std::size_t i = 0; i < verdict->candidateCount; ++i) {
        const Candidate& candidate = findings.verdicts.candidates[verdict->firstCandidate + i];
        text += fmt::format("{}{} ({} %)", i == 0 ? ": " : ", or ", causeWords(candidate.cause), candidate.confidence);
    }
    return text;
}

std::string meshSentence(const Analysis& analysis, FindingId finding) {
    const MeshDivergence* of = analysis.findings.mesh.of(finding);
    if (of == nullptr) return {};
    const std::string others = formatQuantity(of->agreeing, "device");
    if (of->isApart) return fmt::format("device {} goes its own way here, unlike {} in step", of->device, others);
    const auto both = [](std::uint32_t allocations, std::uint32_t frees) {
        std::string text = allocations > 0 ? formatQuantity(allocations, "allocation") : std::string();
        if (frees == 0) return text;
        return text + (text.empty() ? "" : " and ") + formatQuantity(frees, "free");
    };
    const std::string lacked = both(of->lackedAllocations, of->lackedFrees);
    const std::string extra = both(of->extraAllocations, of->extraFrees);
    std::string text = fmt::format("device {} ", of->device);
    if (!lacked.empty())
        text += fmt::format("lacks {} that {} in step {}", lacked, others, of->agreeing == 1 ? "has" : "have");
    if (!lacked.empty() && !extra.empty()) text += ", and ";
    if (!extra.empty()) text += fmt::format("has {} more than {} in step", extra, others);
    return text;
}

std::string suspectSentence(const Analysis& analysis, const Suspicion& suspicion, const SuspectCandidate& candidate) {
    const auto line = [&analysis](EventId event) { return formatCount(analysis.trace->events.line[event.index()]); };
    return fmt::format("the free at line {} ({} %): then the free refused at line {} is the rightful one of g{}",
                       line(candidate.free), candidate.likelihood, line(suspicion.refused), suspicion.generation);
}

std::string exposureSentence(const Analysis& analysis, const Suspicion& suspicion) {
    const auto line = [&analysis](EventId event) { return formatCount(analysis.trace->events.line[event.index()]); };
    const SuspectCandidate& first = suspicion.candidates.front();
    const std::uint32_t meanwhile = suspicion.allocationsMeanwhile();
    return fmt::format("g{} was in use from line {} to line {} although its address was free; {}", first.generation,
                       line(first.free), line(first.rightful),
                       meanwhile == 0 ? "no allocation used the address in between"
                                      : formatQuantity(meanwhile, "allocation") + " used the address in between");
}

std::string contradictionSentence(const Contradiction& contradiction) {
    const auto expected = formatCount(contradiction.expected);
    const auto actual = formatCount(contradiction.actual);
    switch (contradiction.kind) {
    case ContradictionKind::AllocationOfLive:
        return "the line says that the address was not live, but it is live in the replay: its release is missing";
    case ContradictionKind::ReferenceCount:
        return fmt::format("the line prints reference count {}, but the replay has {}", actual, expected);
    case ContradictionKind::FinalOfShared:
        return fmt::format("the free ended the entry, but the replay has {} open allocations of it", expected);
    case ContradictionKind::FreeOfUnknown:
        return "the tracker accepted the free, but the address is not live in the replay: its allocation is missing";
    case ContradictionKind::RefusalOfLive:
        return "the tracker refused the free, but the address is live in the replay: its release is missing";
    case ContradictionKind::SizeDiffers:
        return fmt::format("the line prints {} bytes, but the lifetime has {}", actual, expected);
    case ContradictionKind::OwnerDiffers:
        return fmt::format("the line prints process {}, but the lifetime belongs to {}",
                           static_cast<std::int32_t>(contradiction.actual),
                           static_cast<std::int32_t>(contradiction.expected));
    case ContradictionKind::SweepCountDiffers:
        return fmt::format("the sweep removed {} entries, but the process has {} in the replay", actual, expected);
    }
    return {};
}

std::vector<std::string> divergenceSentences(const Analysis& analysis, const Finding& finding) {
    if (static_cast<FindingKind>(finding.kind) != FindingKind::ReplayDivergence) return {};
    if (const FailedCheck* sum = analysis.findings.sumOf(finding))
        return {fmt::format("line {}: {}", formatCount(sum->line), sum->sentence())};
    std::vector<std::string> sentences;
    const auto& all = analysis.replay.contradictions;  // in source order
    auto at = std::lower_bound(all.begin(), all.end(), finding.primary,
                               [](const Contradiction& c, EventId event) { return c.event < event; });
    for (; at != all.end() && at->event == finding.primary; ++at) sentences.push_back(contradictionSentence(*at));
    return sentences;
}

std::vector<std::string> findingSentences(const Analysis& analysis, FindingId id) {
    const Finding& finding = analysis.findings.row(id);
    std::vector<std::string> sentences;
    const auto add = [&sentences](std::string sentence) {
        if (!sentence.empty()) sentences.push_back(std::move(sentence));
    };
    add(surplusSentence(analysis, finding));
    if (const std::string verdict = verdictSentence(analysis.findings, id); !verdict.empty()) {
        add("cause: " + verdict);
        const auto candidates = candidateWords(analysis.findings, id);
        if (!candidates.empty()) {
            const CandidateWords& likeliest = candidates.front();
            for (const std::string& evidence : likeliest.evidenceFor) add("for it: " + evidence);
            for (const std::string& evidence : likeliest.evidenceAgainst) add("against it: " + evidence);
        }
    }
    if (const Suspicion* suspicion = analysis.findings.suspicionOf(id)) {
        for (const SuspectCandidate& candidate : suspicion->candidates)
            add("suspect: " + suspectSentence(analysis, *suspicion, candidate));
        add(exposureSentence(analysis, *suspicion));
    }
    add(meshSentence(analysis, id));
    for (std::string& sentence : divergenceSentences(analysis, finding)) add(std::move(sentence));
    return sentences;
}

std::vector<std::string> readingNotes(const Trace& trace) {
    constexpr std::size_t kMostNotes = 8;
    std::vector<std::string> notes;
    const std::string& path = trace.source->path();
    if (trace.events.count() == 0) {
        notes.push_back(fmt::format("{}: has no allocation or free. Check that its server tracked a program.", path));
    }
    if (trace.diagnostics.count(DiagnosticCode::CompressedTail) > 0) {
        notes.push_back(fmt::format(
            "{}: the compressed file ends early. AllocLens read its first {}. To get the rest, copy or compress the "
            "file again.",
            path, formatQuantity(trace.source->lines(), "line")));
    }
    for (const Diagnostic& diagnostic : trace.diagnostics.kept()) {
        const bool isTold = diagnostic.code == DiagnosticCode::DamagedBlock
                            || diagnostic.code == DiagnosticCode::UnfinishedTrace
                            || diagnostic.code == DiagnosticCode::RecordingGap
                            || diagnostic.code == DiagnosticCode::OddTime
                            || diagnostic.code == DiagnosticCode::PartOfRun
                            || diagnostic.code == DiagnosticCode::MissingPart;
        if (isTold && notes.size() < kMostNotes) notes.push_back(fmt::format("{}: {}.", path, diagnostic.detail));
    }
    return notes;
}

}  // namespace alloclens
