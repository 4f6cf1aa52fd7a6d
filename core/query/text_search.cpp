// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/text_search.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>

#include "core/query/source_scan.h"

namespace alloclens::query {
namespace {

// Reads the line of an event only if the event, or a row that it belongs to, is still alive.
RowFlags wantedEvents(const Analysis& analysis, const FilterResult& alive, RowLoop& rows) {
    const Replay& replay = analysis.replay;
    const auto& addressOf = analysis.trace->events.address;
    RowFlags wanted = alive.events;
    rows(wanted.size(), [&](std::size_t i) {
        const AddressId address = addressOf[i];
        const LifetimeId lifetime = replay.lifetimeOf[i];
        if ((address.isValid() && alive.addresses[address.index()])
            || (lifetime.isValid() && alive.lifetimes[lifetime.index()])) {
            wanted.set(i);
        }
    });
    rows(replay.unfreed.size(), [&](std::size_t row) {
        const std::size_t i = replay.unfreed[row].index();
        if (replay.lifetimes.end(i) != LifetimeEnd::Swept) return;
        if (alive.lifetimes[i] || alive.addresses[replay.lifetimes.address(i).index()]) {
            wanted.setShared(replay.lifetimes.last(i).index());
        }
    });
    rows(alive.findings.size(), [&](std::size_t i) {
        if (!alive.findings[i]) return;
        for (const RoleEvent& role : analysis.findings.rolesOf(analysis.findings.rows[i])) {
            wanted.setShared(role.event.index());
        }
    });
    return wanted;
}

/// Marks which blocks of lines are wanted.
class WantedLines {
public:
    WantedLines(const Analysis& analysis, const FilterResult* alive, RowLoop& rows)
        : m_blocks(analysis.trace->source ? analysis.trace->source->lines() / kBlock + 1 : 1) {
        const EventTable& events = analysis.trace->events;
        const RowFlags wanted = alive != nullptr ? wantedEvents(analysis, *alive, rows) : RowFlags();
        std::atomic<bool> isAny = false;
        rows.inChunks(events.count(), RowLoop::kChunk, [&](std::size_t begin, std::size_t end) {
            bool isAnyHere = false;
            for (std::size_t i = begin; i < end; ++i) {
                const std::uint32_t line = events.line[i];
                if (line == 0 || (!wanted.empty() && !wanted[i])) continue;
                setShared(m_blocks, std::min<std::size_t>(line / kBlock, m_blocks.size() - 1));
                isAnyHere = true;
            }
            if (isAnyHere) isAny = true;
        });
        m_isAny = isAny;
    }
    [[nodiscard]] bool isAny() const { return m_isAny; }
    [[nodiscard]] bool isAny(const SourceStretch& stretch) const {
        const auto at = [this](std::uint32_t block) { return m_blocks.begin() + static_cast<std::ptrdiff_t>(block); };
        return std::any_of(at(stretch.firstLine / kBlock), at((stretch.endLine - 1) / kBlock) + 1,
                           [](std::uint8_t block) { return block != 0; });
    }

private:
    static constexpr std::uint32_t kBlock = 256;
    Flags m_blocks;
    bool m_isAny = false;
};

/// The needles of all terms; termOf names the term of each.
struct Needles {
    explicit Needles(std::span<const Term* const> terms) {
        for (std::size_t term = 0; term < terms.size(); ++term) {
            for (const std::string& text : std::get_if<TextValues>(&terms[term]->values)->needles) {
                needles.emplace_back(text);
                termOf.push_back(term);
            }
        }
    }
    std::vector<Needle> needles;
    std::vector<std::size_t> termOf;
};

/// Returns the flags of each term: one for each line.
Result<std::vector<Flags>> matchLines(const SourceText& source, std::span<const Term* const> terms,
                                      const WantedLines& wanted, RowLoop& rows, const TaskContext& task) {
    std::vector<Flags> matched(terms.size(), Flags(std::size_t{source.lines()} + 1));
    const Needles needles(terms);
    const SourceScan scan(source, needles.needles);
    const std::vector<SourceStretch> stretches = stretchesOf(source, SourceScan::kStretchBytes);
    std::atomic<std::size_t> done = 0;
    std::mutex mutex;
    std::optional<Error> error;
    std::atomic<bool> hasFailed = false;
    rows.inChunks(stretches.size(), 1, [&](std::size_t at, std::size_t) {
        if (!hasFailed && wanted.isAny(stretches[at])) {
            const auto scanned = scan.scan(stretches[at], [&](std::uint32_t line, std::size_t needle) {
                matched[needles.termOf[needle]][line] = 1;  // no other thread scans this line
            });
            if (!scanned) {
                const std::lock_guard lock(mutex);
                if (!error) error = scanned.error();
                hasFailed = true;
            }
        }
        task.report("searching", static_cast<double>(++done) / static_cast<double>(stretches.size()));
    });
    if (error) return *error;
    return matched;
}

}  // namespace

Result<std::vector<Flags>> searchText(const Analysis& analysis, std::span<const Term* const> terms,
                                      const FilterResult* alive, RowLoop& rows, const TaskContext& task) {
    const EventTable& events = analysis.trace->events;
    std::vector<Flags> matched(terms.size(), Flags(events.count()));
    const WantedLines wanted(analysis, alive, rows);
    if (rows.isCancelled()) return TaskContext::cancelled();
    if (!wanted.isAny()) return matched;
    if (!analysis.trace->source) return Error{ErrorKind::Input, "has no text to search", {}, {}};
    const auto lines = matchLines(*analysis.trace->source, terms, wanted, rows, task);
    if (!lines) return lines.error();
    for (std::size_t term = 0; term < terms.size(); ++term) {
        const Flags& ofLine = (*lines)[term];
        rows(events.count(), [&](std::size_t i) {
            if (events.line[i] < ofLine.size()) matched[term][i] = ofLine[events.line[i]];
        });
    }
    if (rows.isCancelled()) return TaskContext::cancelled();
    return matched;
}

}  // namespace alloclens::query
