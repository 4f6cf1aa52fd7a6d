// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/inspector/inspector_story.h"

#include <QObject>

#include <algorithm>

#include "app/gui/look/words.h"
#include "app/gui/panels/addresses/addresses_panel.h"
#include "app/gui/panels/source/source_lines.h"
#include "core/trace/attribute_text.h"
#include "core/wording/story.h"

namespace alloclens {
namespace {

constexpr std::size_t kMostLifetimes = 50;
constexpr std::size_t kMostFindings = 20;
constexpr std::size_t kMostSteps = 400;
constexpr std::size_t kMostSiblings = 256;  // no server has more devices

// A line as it is shown, but that many zero bytes in a row, which a file has where its disk was full, are counted.
QString readableText(const std::string& bytes) {
    constexpr std::size_t kRun = 8;
    QString text;
    std::size_t done = 0;
    for (std::size_t at = bytes.find('\0'); at != std::string::npos; at = bytes.find('\0', at)) {
        const std::size_t end = std::min(bytes.find_first_not_of('\0', at), bytes.size());
        if (end - at >= kRun) {
            text += displayText(bytes.substr(done, at - done));
            text += QObject::tr("[%1]").arg(quantityText(end - at, "NUL byte"));
            done = end;
        }
        at = end;
    }
    return text + displayText(bytes.substr(done));
}

StoryEvent storyEvent(const Analysis& analysis, const QString& role, EventId event) {
    StoryEvent entry;
    entry.role = role;
    entry.event = event;
    entry.line = analysis.trace->events.line[event.index()];
    entry.isRefused = analysis.replay.letters[event.index()] == Letter::Refused;
    entry.time = toQString(timeText(*analysis.trace, event));
    const std::int32_t sender = analysis.trace->pid(analysis.trace->events.senderOf(event));
    if (sender != kNoPid) entry.sender = QObject::tr("sent by process %1").arg(pidText(sender));
    const auto text = analysis.trace->source->lineText(entry.line);
    entry.text = text ? readableText(*text) : toQString(text.error().sentence());
    return entry;
}

void tellCauses(InspectorStory& story, FindingId finding) {
    const Findings& findings = story.analysis->findings;
    story.verdict = toQString(verdictSentence(findings, finding));
    if (const Verdict* verdict = findings.verdicts.of(finding)) {
        story.blame = blameOf(verdict->cause);
        story.isFirstTold = verdict->cause != Cause::Undetermined;
    }
    const auto texts = [](const std::vector<std::string>& sentences) {
        std::vector<QString> all;
        for (const std::string& sentence : sentences) all.push_back(toQString(sentence));
        return all;
    };
    for (const CandidateWords& candidate : candidateWords(findings, finding)) {
        story.causes.push_back({QObject::tr("%1 (%2, confidence %3 %)")
                                    .arg(toQString(causeWords(candidate.cause)), toQString(causeName(candidate.cause)))
                                    .arg(candidate.confidence),
                                texts(candidate.evidenceFor), texts(candidate.evidenceAgainst)});
    }
}

// Which free of an address that was reused is the wrong one, with the candidates as causes.
void tellSuspects(InspectorStory& story, FindingId finding) {
    const Suspicion* suspicion = story.analysis->findings.suspicionOf(finding);
    if (suspicion == nullptr) return;
    story.isFirstTold = true;
    const std::string first = suspectSentence(*story.analysis, *suspicion, suspicion->candidates.front());
    story.verdict = QObject::tr("%1; or the refused free itself (%2 %)")
                        .arg(toQString(first))
                        .arg(int{suspicion->refusedLikelihood});
    for (const SuspectCandidate& candidate : suspicion->candidates) {
        StoryCause cause;
        cause.words = toQString(suspectSentence(*story.analysis, *suspicion, candidate));
        for (const SuspectEvidence& evidence : candidate.evidence)
            (evidence.isFor ? cause.evidenceFor : cause.evidenceAgainst)
                .push_back(toQString(suspectSentence(evidence)));
        story.causes.push_back(std::move(cause));
    }
    story.surplus = toQString(exposureSentence(*story.analysis, *suspicion));
}

void tellEvents(InspectorStory& story, const Selection& selection) {
    const Analysis& analysis = *story.analysis;
    bool isAmongRoles = false;
    if (selection.finding.isValid()) {
        const Finding& finding = analysis.findings.row(selection.finding);
        story.findingTitle = toQString(kindInfo(finding.kind).title);
        story.findingHelp = toQString(kindInfo(finding.kind).help);
        story.surplus = toQString(surplusSentence(analysis, finding));
        tellCauses(story, selection.finding);
        tellSuspects(story, selection.finding);
        if (analysis.findings.sumOf(finding) != nullptr)
            story.surplus = toQString(divergenceSentences(analysis, finding).front());
        if (const std::string sentence = meshSentence(analysis, selection.finding); !sentence.empty())
            story.surplus = toQString(sentence);
        for (const RoleEvent& role : analysis.findings.rolesOf(finding)) {
            story.events.push_back(storyEvent(analysis, toQString(roleWords(finding, role.role)), role.event));
            isAmongRoles |= role.event == selection.event;
        }
    }
    if (!selection.event.isValid()) return;
    if (!isAmongRoles) {
        const Letter letter = analysis.replay.letters[selection.event.index()];
        story.events.push_back(storyEvent(analysis, toQString(letterWords(letter)), selection.event));
    }
    const auto& all = analysis.replay.contradictions;
    auto at = std::lower_bound(all.begin(), all.end(), selection.event,
                               [](const Contradiction& c, EventId event) { return c.event < event; });
    for (; at != all.end() && at->event == selection.event; ++at) {
        story.contradictions.push_back(toQString(contradictionSentence(*at)));
    }
}

StoryAttributes storyAttributes(const Trace& trace, const QString& role, EventId event) {
    StoryAttributes story;
    story.role = role;
    story.event = event;
    for (std::size_t i = 0; i < kAttributeCount; ++i) {
        const AttributeInfo& info = attributeInfos()[i];
        const auto lines = attributeLines(trace, attributeAt(i), event);
        if (lines.empty()) continue;
        switch (info.type) {
        case AttributeType::Text: story.texts.emplace_back(toQString(info.title), toQString(lines.front())); break;
        case AttributeType::Stack:
            for (const std::string& line : lines) story.calls.push_back(toQString(line));
            break;
        }
    }
    return story;
}

void addAttributes(InspectorStory& story, const QString& role, EventId event) {
    const auto& told = story.attributes;
    if (!event.isValid()
        || std::any_of(told.begin(), told.end(), [event](const StoryAttributes& one) { return one.event == event; })) {
        return;
    }
    StoryAttributes one = storyAttributes(*story.analysis->trace, role, event);
    if (one.texts.empty() && one.calls.empty()) return;
    const auto same = std::find_if(told.begin(), told.end(), [&one](const StoryAttributes& other) {
        return !one.calls.empty() && other.calls == one.calls;
    });
    if (same != told.end()) {
        one.sameCallsAs = same->role;
        one.calls.clear();
    }
    story.attributes.push_back(std::move(one));
}

// Of the events that are shown, and of those that begin and end the selected lifetime.
void tellAttributes(InspectorStory& story, const Selection& selection) {
    const Analysis& analysis = *story.analysis;
    if (!analysis.trace->events.attributes.hasAny()) return;
    for (const StoryEvent& event : story.events) addAttributes(story, event.role, event.event);
    if (!selection.lifetime.isValid()) return;
    const Lifetime lifetime = analysis.replay.lifetime(selection.lifetime);
    for (const EventId event : {lifetime.first, lifetime.last}) {
        if (!event.isValid()) continue;
        addAttributes(story, toQString(letterWords(analysis.replay.letters[event.index()])), event);
    }
}

void tellFacts(InspectorStory& story, const Selection& selection) {
    const Analysis& analysis = *story.analysis;
    story.facts.emplace_back(QObject::tr("also written"), otherAddressText(analysis, selection.address));
    if (selection.lifetime.isValid()) {
        const Lifetime& lifetime = analysis.replay.lifetime(selection.lifetime);
        story.memory = lifetime.memory;
        story.facts.emplace_back(QObject::tr("memory"), memoryText(lifetime.memory));
        const QString size = lifetime.size == kNoSize
                                 ? sizeText(lifetime.size)
                                 : QObject::tr("%1 (%2)").arg(sizeText(lifetime.size), exactSizeText(lifetime.size));
        story.facts.emplace_back(QObject::tr("size"), size);
        story.facts.emplace_back(QObject::tr("owner"),
                                 QObject::tr("process %1").arg(pidText(analysis.trace->pid(lifetime.owner))));
    }
    constexpr std::size_t kLetters = 60;
    story.facts.emplace_back(QObject::tr("lifecycle"), shortLifecycle(analysis, selection.address, kLetters));
    story.facts.emplace_back(QObject::tr("state"), addressStateText(analysis.replay.address(selection.address)));
}

void tellSteps(InspectorStory& story, const Selection& selection) {
    const Replay& replay = story.analysis->replay;
    const auto events = replay.eventsOf(selection.address);
    const std::size_t count = std::min(events.size(), kMostSteps);
    for (std::size_t step = 0; step < count; ++step) {
        const std::size_t first = step * events.size() / count;
        const std::size_t end = (step + 1) * events.size() / count;
        StoryStep entry;
        entry.event = events[first];
        for (std::size_t i = first; i < end; ++i) {
            const std::size_t row = events[i].index();
            // A sweep is one event for many keys; behind it this one is not live.
            const std::uint32_t depth = replay.letters[row] == Letter::Swept ? 0 : replay.depthAfter[row];
            entry.depth = std::max(entry.depth, depth);
            if (replay.letters[row] == Letter::Refused)
                entry.refused = std::max(entry.refused, story.analysis->findings.blameOfRefused(events[i]));
            entry.isSelected |= events[i] == selection.event;
        }
        story.peakDepth = std::max(story.peakDepth, entry.depth);
        story.steps.push_back(entry);
    }
}

// At most so many, and the selected one among them.
void tellLifetimes(InspectorStory& story, const Selection& selection) {
    const Analysis& analysis = *story.analysis;
    const AddressSummary& summary = analysis.replay.address(selection.address);
    const auto lifetimes = analysis.replay.lifetimesOf(selection.address);
    std::size_t first = 0;
    if (selection.lifetime.isValid() && summary.firstLifetime.isValid()) {
        const std::size_t at = selection.lifetime.index() - summary.firstLifetime.index();
        if (at >= kMostLifetimes) first = at + 1 - kMostLifetimes;
    }
    const std::size_t end = std::min(lifetimes.size(), first + kMostLifetimes);
    for (std::size_t i = first; i < end; ++i) {
        const LifetimeId id(summary.firstLifetime.index() + i);
        story.lifetimes.push_back({id, 'g' + QString::number(lifetimes[i].generation),
                                   toQString(lifetimeSentence(analysis, lifetimes[i])), id == selection.lifetime});
    }
    story.moreLifetimes = lifetimes.size() - story.lifetimes.size();
}

Result<void> tellFindings(InspectorStory& story, const Selection& selection, const TaskContext& task) {
    const Analysis& analysis = *story.analysis;
    const auto& rows = analysis.findings.rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return TaskContext::cancelled();
        if (rows[i].address != selection.address) continue;
        const FindingId id(i);
        if (story.findings.size() >= kMostFindings && id != selection.finding) {
            ++story.moreFindings;
            continue;
        }
        const QString generation = rows[i].generation == 0 ? QString() : QStringLiteral(" g%1").arg(rows[i].generation);
        story.findings.push_back({id,
                                  QObject::tr("%1%2, line %3")
                                      .arg(toQString(kindInfo(rows[i].kind).title), generation,
                                           countText(analysis.trace->events.line[rows[i].primary.index()])),
                                  id == selection.finding});
    }
    return {};
}

void tellSiblings(InspectorStory& story, const Selection& selection) {
    constexpr std::size_t kLetters = 12;
    const Analysis& analysis = *story.analysis;
    for (const AddressId id : analysis.replay.keysOf(analysis.key(selection.address).address)) {
        if (id == selection.address) continue;
        if (story.siblings.size() == kMostSiblings) {
            ++story.moreSiblings;
            continue;
        }
        story.siblings.push_back({id, deviceText(analysis, id), shortLifecycle(analysis, id, kLetters),
                                  addressStateText(analysis.replay.address(id))});
    }
}

}  // namespace

Result<InspectorStory> tellStory(const std::shared_ptr<const Analysis>& analysis, const Selection& selection,
                                 const TaskContext& task) {
    InspectorStory story;
    story.analysis = analysis;
    if (!selection.address.isValid()) {
        story.title = selection.line != 0 ? QObject::tr("line %1").arg(countText(selection.line)) : QString();
        tellEvents(story, selection);
        if (!selection.event.isValid() && selection.line != 0) {
            const auto text = analysis->trace->source->lineText(selection.line);
            story.events.push_back({QObject::tr("no event of the tracker"),
                                    {},
                                    selection.line,
                                    text ? readableText(*text) : toQString(text.error().sentence()),
                                    false,
                                    {},
                                    {}});
        }
        return story;
    }
    const std::uint32_t generation = selection.lifetime.isValid()
                                         ? analysis->replay.lifetime(selection.lifetime).generation
                                         : 0;
    story.title = lifetimeText(*analysis, selection.address, generation);
    story.place = QObject::tr("device %1").arg(deviceText(*analysis, selection.address));
    tellFacts(story, selection);
    tellEvents(story, selection);
    tellAttributes(story, selection);
    tellSteps(story, selection);
    tellLifetimes(story, selection);
    if (auto told = tellFindings(story, selection, task); !told) return told.error();
    tellSiblings(story, selection);
    return story;
}

}  // namespace alloclens
