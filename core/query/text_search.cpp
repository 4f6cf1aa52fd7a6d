// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/text_search.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace alloclens::query {
namespace {

// An event's line is wanted while anything is alive that the event belongs to.
Flags wantedEvents(const Analysis& analysis, const FilterResult& alive, RowLoop& rows) {
    const Replay& replay = analysis.replay;
    const auto& addressOf = analysis.trace->events.address;
    Flags wanted = alive.events;
    rows(wanted.size(), [&](std::size_t i) {
        if (addressOf[i].isValid()) wanted[i] |= alive.addresses[addressOf[i].index()];
        if (replay.lifetimeOf[i].isValid()) wanted[i] |= alive.lifetimes[replay.lifetimeOf[i].index()];
    });
    rows(replay.lifetimes.size(), [&](std::size_t i) {
        const Lifetime lifetime = replay.lifetime(LifetimeId(i));
        if (lifetime.end != LifetimeEnd::Swept) return;
        wanted[lifetime.last.index()] |= alive.lifetimes[i];
        wanted[lifetime.last.index()] |= alive.addresses[lifetime.address.index()];
    });
    rows(alive.findings.size(), [&](std::size_t i) {
        if (alive.findings[i] == 0) return;
        for (const RoleEvent& role : analysis.findings.rolesOf(analysis.findings.rows[i])) {
            wanted[role.event.index()] = 1;
        }
    });
    return wanted;
}

std::vector<std::uint32_t> linesOf(const EventTable& events, const Flags& wanted, RowLoop& rows) {
    std::vector<std::uint32_t> lines;
    rows(wanted.size(), [&](std::size_t i) {
        const std::uint32_t line = events.line[i];
        if (wanted[i] != 0 && line != 0 && (lines.empty() || lines.back() != line)) lines.push_back(line);
    });
    if (!std::is_sorted(lines.begin(), lines.end())) {
        std::sort(lines.begin(), lines.end());
        lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    }
    return lines;
}

bool containsNeedle(const Term& term, std::string_view folded) {
    const auto& needles = std::get_if<TextValues>(&term.values)->needles;
    return std::any_of(needles.begin(), needles.end(),
                       [folded](const std::string& needle) { return folded.find(needle) != std::string_view::npos; });
}

// A flag for each of `lines`, once for each term.
Result<std::vector<Flags>> matchLines(const SourceText& source, std::span<const Term* const> terms,
                                      const std::vector<std::uint32_t>& lines, RowLoop& rows) {
    std::vector<Flags> matched(terms.size(), Flags(lines.size(), 0));
    std::string folded;
    std::size_t at = 0;
    std::size_t visited = 0;
    const auto read = source.visitLines(lines, [&](std::uint32_t line, std::string_view text) {
        if (visited++ % TaskContext::kPollRows == 0 && rows.isCancelled()) return false;
        while (lines[at] != line) ++at;
        folded.assign(text);
        for (char& c : folded) c = foldCase(c);
        for (std::size_t k = 0; k < terms.size(); ++k) matched[k][at] = containsNeedle(*terms[k], folded) ? 1 : 0;
        return true;
    });
    if (!read) return read.error();
    return matched;
}

}  // namespace

Result<std::vector<Hits>> searchText(const Analysis& analysis, std::span<const Term* const> terms,
                                     const FilterResult& alive, RowLoop& rows) {
    const EventTable& events = analysis.trace->events;
    const Flags wanted = wantedEvents(analysis, alive, rows);
    const std::vector<std::uint32_t> lines = linesOf(events, wanted, rows);
    if (rows.isCancelled()) return TaskContext::cancelled();
    std::vector<Hits> hits(terms.size(), Hits(analysis));
    if (lines.empty()) return hits;
    if (!analysis.trace->source) return Error{ErrorKind::Input, "has no text to search", {}, {}};
    const auto matched = matchLines(*analysis.trace->source, terms, lines, rows);
    if (!matched) return matched.error();

    std::size_t at = 0;  // events mostly come in the order of their lines
    rows(events.count(), [&](std::size_t i) {
        const std::uint32_t line = events.line[i];
        if (wanted[i] == 0 || line == 0) return;
        if (lines[at] != line) {
            if (at + 1 < lines.size() && lines[at + 1] == line) {
                ++at;
            } else {
                at = static_cast<std::size_t>(std::lower_bound(lines.begin(), lines.end(), line) - lines.begin());
            }
        }
        for (std::size_t k = 0; k < terms.size(); ++k) hits[k].events[i] = (*matched)[k][at];
    });
    for (Hits& found : hits) spreadEvents(analysis, found, rows);
    if (rows.isCancelled()) return TaskContext::cancelled();
    return hits;
}

}  // namespace alloclens::query
