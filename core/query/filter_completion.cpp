// SPDX-License-Identifier: GPL-3.0-or-later
//
// Completes the field or value at the cursor and keeps the rest of the word. Names that occur in the trace come first.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/base/showable.h"
#include "core/base/time_units.h"
#include "core/query/filter.h"
#include "core/query/filter_lexer.h"
#include "core/query/suggestion.h"
#include "core/query/term.h"

namespace alloclens {
namespace {

using query::Field;

// Keeps the order within both groups.
template <typename Occurs>
std::vector<std::string> occurringFirst(const std::vector<std::string_view>& names, Occurs occurs) {
    std::vector<std::string> ordered(names.begin(), names.end());
    std::stable_partition(ordered.begin(), ordered.end(), occurs);
    return ordered;
}

std::vector<std::string> memories(const Analysis* analysis) {
    std::array<bool, kMemoryCount> occurs{};
    if (analysis != nullptr) {
        // This runs at each key press, so it looks at a sample of a long trace. Rare names are still
        // offered, later in the list.
        constexpr std::size_t kMostLookedAt = 200'000;
        const EventTable& events = analysis->trace->events;
        const std::size_t step = events.count() / kMostLookedAt + 1;
        for (std::size_t i = 0; i < events.count(); i += step) {
            if (events.kind[i] == EventKind::Allocation) occurs[static_cast<std::size_t>(events.memory[i])] = true;
        }
    }
    return occurringFirst(query::memoryNames(), [&](const std::string& name) {
        const auto memory = memoryFromName(name);
        return memory && occurs[static_cast<std::size_t>(*memory)];
    });
}

std::vector<std::string> kinds(const Analysis* analysis) {
    return occurringFirst(query::kindNames(), [&](const std::string& name) {
        if (analysis == nullptr) return false;
        const EventTotals& totals = analysis->replay.totals;
        if (const auto finding = findingKindFromName(name)) {
            return analysis->findings.countOf[static_cast<std::size_t>(*finding)] > 0;
        }
        switch (eventKindFromName(name).value_or(EventKind::Restart)) {
        case EventKind::Allocation: return totals.allocations > 0;
        case EventKind::PartialFree: return totals.partialFrees > 0;
        case EventKind::FinalFree: return totals.finalFrees > 0;
        case EventKind::RefusedFree: return totals.unknownFrees > 0;
        case EventKind::Sweep: return totals.swept > 0;
        case EventKind::Restart: return false;  // not counted, and the last name anyway
        }
        return false;
    });
}

std::vector<std::string> causes(const Analysis* analysis) {
    return occurringFirst(query::causeNames(), [analysis](const std::string& name) {
        const auto cause = causeFromName(name);
        return analysis != nullptr && cause
               && analysis->findings.verdicts.countOf[static_cast<std::size_t>(*cause)] > 0;
    });
}

std::vector<std::string> devices(const Analysis& analysis) {
    std::vector<std::string> texts;
    for (const DeviceSummary& device : analysis.replay.devices) {
        texts.push_back(device.device == kNoDevice ? "none" : deviceText(device.device));
    }
    return texts;
}

std::vector<std::string> pids(const Analysis& analysis) {
    std::vector<std::int32_t> sorted = analysis.trace->processes;
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::string> texts;
    texts.reserve(sorted.size());
    for (const std::int32_t pid : sorted) texts.push_back(pid == kNoPid ? "none" : fmt::format("{}", pid));
    return texts;
}

// A few processes send. Only events name them, so this looks at a sample of a long trace.
std::vector<std::string> senders(const Analysis& analysis) {
    constexpr std::size_t kMostLookedAt = 200'000;
    const EventTable& events = analysis.trace->events;
    if (!events.hasSender()) return {};
    std::set<std::int32_t> found;
    const std::size_t step = events.count() / kMostLookedAt + 1;
    for (std::size_t i = 0; i < events.count(); i += step) found.insert(analysis.trace->pid(events.sender[i]));
    std::vector<std::string> texts;
    for (const std::int32_t pid : found) texts.push_back(pid == kNoPid ? "none" : fmt::format("{}", pid));
    return texts;
}

// "T.." and "..T" with the start and the end of the trace.
std::vector<std::string> times(const Analysis& analysis) {
    const TimeIndex& index = analysis.trace->timeIndex;
    if (index.isEmpty()) return {};
    return {fmt::format("{}..", formatTime(index.start())), fmt::format("..{}", formatTime(index.end()))};
}

std::vector<std::string> attributeValues(const Analysis& analysis, Attribute attribute) {
    constexpr std::size_t kMostOffered = 1000;
    constexpr std::size_t kMostLookedAt = 200'000;
    const Trace& trace = *analysis.trace;
    const AttributeTables& tables = trace.attributeTables;
    std::set<std::string> found;
    const auto offer = [&found, &tables](StringId text) {
        if (text.isValid() && found.size() < kMostOffered) found.insert(showable(tables.strings.text(text)));
    };
    switch (attributeInfo(attribute).type) {
    case AttributeType::Text: {
        const std::size_t step = trace.events.count() / kMostLookedAt + 1;
        for (std::size_t i = 0; i < trace.events.count(); i += step)
            offer(StringId(trace.events.attributes.of(attribute, i)));
        break;
    }
    case AttributeType::Stack:
        for (std::size_t i = 0; i < std::min(tables.stacks.frames(), kMostLookedAt); ++i)
            offer(tables.stacks.frame(FrameId::ofIndex(i)).function);
        break;
    }
    return {found.begin(), found.end()};
}

/// A value as it has to be typed: in quotes where it holds what ends a word.
std::string typable(const std::string& value) {
    const bool isPlain = std::none_of(value.begin(), value.end(),
                                      [](char c) { return query::isFilterSpace(c) || c == ',' || c == '"'; });
    if (isPlain) return value;
    std::string quoted = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

// Leaves out fields that the source has no values for.
std::vector<std::string_view> fieldsOf(const Analysis* analysis) {
    std::vector<std::string_view> names = query::fieldNames();
    if (analysis == nullptr) return names;
    const auto leaveOut = [&names](Field field) { std::erase(names, query::fieldName(field)); };
    if (!analysis->trace->hasTime()) leaveOut(Field::Time);
    if (!analysis->trace->events.hasSender()) leaveOut(Field::Sender);
    for (std::size_t i = 0; i < kAttributeCount; ++i) {
        if (!analysis->trace->events.attributes.has(attributeAt(i))) std::erase(names, attributeInfos()[i].name);
    }
    return names;
}

// Empty for fields whose values cannot be listed.
std::vector<std::string> valuesOf(Field field, const Analysis* analysis) {
    if (const auto attribute = query::attributeOf(field)) {
        return analysis != nullptr ? attributeValues(*analysis, *attribute) : std::vector<std::string>{};
    }
    switch (field) {
    case Field::Memory: return memories(analysis);
    case Field::Kind: return kinds(analysis);
    case Field::Cause: return causes(analysis);
    case Field::Device: return analysis != nullptr ? devices(*analysis) : std::vector<std::string>{};
    case Field::Pid: return analysis != nullptr ? pids(*analysis) : std::vector<std::string>{};
    case Field::Sender: return analysis != nullptr ? senders(*analysis) : std::vector<std::string>{};
    case Field::Time: return analysis != nullptr ? times(*analysis) : std::vector<std::string>{};
    case Field::Address:
    case Field::Size:
    case Field::Line:
    case Field::Lifecycle:
    case Field::Text: break;
    }
    return {};
}

bool beginsWith(std::string_view name, std::string_view typed) {
    return query::foldCase(name.substr(0, typed.size())) == query::foldCase(typed);
}

void completeField(std::string_view text, std::size_t cursor, const query::TermToken& term, const Analysis* analysis,
                   FilterCompletion& out) {
    const std::string_view typed = text.substr(term.fieldColumn, cursor - term.fieldColumn);
    const std::size_t end = term.hasField ? term.fieldColumn + term.field.size() + 1 : term.end;
    for (const std::string_view name : fieldsOf(analysis)) {
        if (!beginsWith(name, typed)) continue;
        out.candidates.push_back(
            fmt::format("{}{}:{}", term.isNegated ? "-" : "", name, text.substr(end, term.end - end)));
    }
}

void completeValue(std::string_view text, std::size_t cursor, const query::TermToken& term, const Analysis* analysis,
                   FilterCompletion& out) {
    const auto field = query::fieldFromName(term.field);
    if (!field) return;
    const auto at = std::find_if(term.values.begin(), term.values.end(), [cursor](const query::ValueToken& value) {
        return value.column <= cursor && cursor <= value.strayEnd;
    });
    if (at == term.values.end() || at->form != query::ValueForm::Bare) return;
    std::set<std::string> taken;
    for (const query::ValueToken& value : term.values) {
        if (value.column != at->column) taken.insert(query::foldCase(value.text));
    }
    const std::string_view typed = text.substr(at->column, cursor - at->column);
    const std::string_view before = text.substr(term.column, at->column - term.column);
    const std::string_view after = text.substr(at->end, term.end - at->end);
    for (const std::string& value : valuesOf(*field, analysis)) {
        if (!beginsWith(value, typed) || taken.contains(query::foldCase(value))) continue;
        out.candidates.push_back(fmt::format("{}{}{}", before, typable(value), after));
    }
}

}  // namespace

FilterCompletion completeFilter(std::string_view text, std::size_t cursor, const Analysis* analysis) {
    cursor = std::min(cursor, text.size());
    FilterCompletion completion;
    const auto terms = query::lexFilter(text);
    const auto term = std::find_if(terms.begin(), terms.end(), [cursor](const query::TermToken& token) {
        return token.column <= cursor && cursor <= token.end;
    });
    if (term == terms.end()) {
        completion.wordStart = completion.wordEnd = cursor;
        for (const std::string_view name : fieldsOf(analysis))
            completion.candidates.push_back(fmt::format("{}:", name));
        return completion;
    }
    completion.wordStart = term->column;
    completion.wordEnd = term->end;
    if (cursor < term->fieldColumn) return completion;  // before the '-'
    if (term->hasField && cursor > term->fieldColumn + term->field.size()) {
        completeValue(text, cursor, *term, analysis, completion);
    } else if (term->hasField || term->values.front().form == query::ValueForm::Bare) {
        completeField(text, cursor, *term, analysis, completion);
    }
    return completion;
}

}  // namespace alloclens
