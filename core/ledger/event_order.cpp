// SPDX-License-Identifier: GPL-3.0-or-later
//
// The order of a log without stamps, by what its events allow: each line says how many references its buffer had before
// it, so a log that is turned round, or whose parts are, contradicts itself nearly everywhere in one direction only.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/base/units.h"
#include "core/ledger/line_order.h"

namespace alloclens {
namespace {

/// How well the events of a key fit each other in one direction.
class KeyFit {
public:
    void take(EventKind kind, std::uint64_t refCount) {
        switch (kind) {
        case EventKind::Allocation: step(refCount == 0 ? 0 : refCount - 1, std::max<std::uint64_t>(refCount, 1)); break;
        case EventKind::PartialFree: step(refCount + 1, refCount); break;
        case EventKind::FinalFree: step(1, 0); break;
        case EventKind::RefusedFree: step(0, 0); break;
        case EventKind::Sweep:
        case EventKind::Restart: beginKey(); break;
        }
    }
    void beginKey() { m_depth = 0; }
    [[nodiscard]] std::uint64_t misfits() const { return m_misfits; }

private:
    void step(std::uint64_t before, std::uint64_t after) {
        if (m_depth != before) ++m_misfits;
        m_depth = after;
    }

    std::uint64_t m_depth = 0;
    std::uint64_t m_misfits = 0;
};

/// A key that nothing is known of has no references: the first line of a log that is turned round frees its buffer.
template <typename Iterator>
void fitKey(const EventTable& events, Iterator begin, Iterator end, KeyFit& fit) {
    fit.beginKey();
    for (auto at = begin; at != end; ++at) fit.take(events.kind[at->index()], events.refCount[at->index()]);
}

bool fitsBackwards(const Replay& replay) {
    constexpr std::uint64_t kTimesBetter = 4;
    KeyFit forwards;
    KeyFit backwards;
    for (std::size_t key = 0; key < replay.addresses.size(); ++key) {
        const auto events = replay.eventsOf(AddressId(key));
        fitKey(replay.trace->events, events.begin(), events.end(), forwards);
        fitKey(replay.trace->events, events.rbegin(), events.rend(), backwards);
    }
    return forwards.misfits() > 0 && backwards.misfits() * kTimesBetter <= forwards.misfits();
}

// Events of different keys do not fit each other: contradictions are what tells a log in disorder from one that
// lost a line.
bool hasManyContradictions(const Replay& replay) {
    constexpr std::size_t kFewest = 8;
    constexpr std::size_t kOneIn = 20;
    return replay.contradictions.size() >= kFewest
           && replay.contradictions.size() * kOneIn >= replay.trace->events.count();
}

/// Buffers that are freed before their server starts and, after its start, allocated and never freed: with the same
/// owner and size they are the same buffers, and the part that begins with the start belongs before the other.
class SwappedParts {
public:
    explicit SwappedParts(const Replay& replay) : m_replay(replay), m_events(replay.trace->events) {}

    [[nodiscard]] std::optional<Diagnostic> find() {
        const std::uint32_t start = lastStart();
        if (start == 0) return std::nullopt;
        for (std::size_t key = 0; key < m_replay.addresses.size(); ++key) look(AddressId(key), start);
        constexpr std::size_t kFewest = 3;
        constexpr std::size_t kOneInOther = 4;
        if (m_found < kFewest || m_other * kOneInOther > m_found) return std::nullopt;
        return Diagnostic{
            DiagnosticCode::PartsOutOfOrder, start,
            fmt::format("{} are freed from line {} on, but allocated only after the server's start at line {}",
                        formatQuantity(m_found, "buffer"), formatCount(m_firstFree), formatCount(start))};
    }

private:
    [[nodiscard]] std::uint32_t lastStart() const {
        for (auto fact = m_replay.trace->facts.rbegin(); fact != m_replay.trace->facts.rend(); ++fact) {
            if (fact->kind == FactKind::ServerStarted) return fact->line;
        }
        return 0;
    }

    void look(AddressId key, std::uint32_t start) {
        const LifetimeRange lifetimes = m_replay.lifetimesOf(key);
        if (lifetimes.empty()) return;
        const Lifetime first = lifetimes[0];
        const std::uint32_t freed = m_events.line[first.first.index()];
        if (!first.beginLost || freed > start) return;
        const Lifetime last = lifetimes[lifetimes.size() - 1];
        const bool isSame = last.end == LifetimeEnd::Open && !last.beginLost && last.owner == first.owner
                            && last.size == first.size && m_events.line[last.first.index()] > start;
        if (!isSame) {
            ++m_other;
            return;
        }
        ++m_found;
        if (m_firstFree == 0 || freed < m_firstFree) m_firstFree = freed;
    }

    const Replay& m_replay;
    const EventTable& m_events;
    std::size_t m_found = 0;
    std::size_t m_other = 0;
    std::uint32_t m_firstFree = 0;
};

/// A stretch that is there twice contradicts itself the second time, and only then. Work that a program repeats is
/// alike as well, but contradicts nothing; so is the work of two servers, but for its processes.
class RepeatedStretches {
public:
    explicit RepeatedStretches(const Replay& replay) : m_replay(replay), m_events(replay.trace->events) {}

    [[nodiscard]] std::vector<Diagnostic> find() {
        findRuns();
        findContradicted();
        return std::move(m_found);
    }

private:
    static constexpr std::size_t kFewestAlike = 12;
    static constexpr std::size_t kFewestContradicted = 4;

    /// The events between two starts; that of the first server begins with the log.
    struct Run {
        std::size_t begin = 0;
        std::size_t end = 0;
    };

    // All that follows a start, given twice.
    void findRuns() {
        std::vector<Run> runs(1);
        for (std::size_t i = nextStart(0); i < m_events.count() && runs.size() < kMostRuns; i = nextStart(i + 1)) {
            runs.back().end = i;
            runs.push_back({i + 1, 0});
        }
        runs.back().end = m_events.count();
        for (std::size_t run = 1; run < runs.size(); ++run) {
            const Run& before = runs[run - 1];
            const std::size_t length = runs[run].end - runs[run].begin;
            const bool isSame = length == before.end - before.begin && length >= kFewestAlike
                                && countAlike(m_events, before.begin, runs[run].begin, length) == length;
            if (isSame) add(before.begin, runs[run].begin, length);
        }
    }
    [[nodiscard]] std::size_t nextStart(std::size_t from) const {
        return nextRowOf(m_events.kind, EventKind::Restart, from);
    }

    void findContradicted() {
        std::size_t from = 0;
        for (int tries = 0; tries < kMostTries; ++tries) {
            const auto at = firstContradiction(from);
            const auto fewest = firstContradiction(from, kFewestContradicted);
            if (fewest == m_replay.contradictions.end()) return;  // nor does a later one have as many
            const std::size_t event = at->event.index();
            const std::size_t shortest = std::max(kFewestAlike, fewest->event.index() + 1 - event);
            from = event + 1;
            const auto copy = findCopy(event, shortest);
            if (!copy) continue;
            const std::size_t length = countAlike(m_events, *copy, event, event - *copy);
            std::size_t before = 0;  // the stretch may begin with events that nothing contradicts
            while (before < *copy && countAlike(m_events, *copy - before - 1, event - before - 1, 1) == 1
                   && event - before - 1 > *copy)
                ++before;
            add(*copy - before, event - before, length + before);
            from = event + length;
        }
    }

    // A copy of what begins at `event` begins with an event of the same key. Where a program does the same over and
    // over nearly all of them are alike for long, so what is compared in all is bounded.
    [[nodiscard]] std::optional<std::size_t> findCopy(std::size_t event, std::size_t shortest) {
        const AddressId key = m_events.address[event];
        if (!key.isValid()) return std::nullopt;  // a sweep contradicts nothing
        for (const EventId at : m_replay.eventsOf(key)) {
            const std::size_t copy = at.index();
            if (copy + shortest > event || m_compared > kMostCompared * m_events.count()) break;
            const std::size_t length = countAlike(m_events, copy, event, event - copy);
            m_compared += length;
            if (length >= shortest && contradictionsIn(copy, length) == 0) return copy;
        }
        return std::nullopt;
    }

    // The first one from `event` on, or one behind it in the list.
    [[nodiscard]] std::vector<Contradiction>::const_iterator firstContradiction(std::size_t event,
                                                                                std::size_t count = 1) const {
        const auto first = std::lower_bound(
            m_replay.contradictions.begin(), m_replay.contradictions.end(), event,
            [](const Contradiction& of, std::size_t from) { return of.event.index() < from; });
        const auto left = static_cast<std::size_t>(m_replay.contradictions.end() - first);
        return first + static_cast<std::ptrdiff_t>(std::min(left, count - 1));
    }
    [[nodiscard]] std::size_t contradictionsIn(std::size_t first, std::size_t length) const {
        return static_cast<std::size_t>(firstContradiction(first + length) - firstContradiction(first));
    }

    void add(std::size_t copy, std::size_t again, std::size_t length) {
        const auto line = [this](std::size_t event) { return m_events.line[event]; };
        m_found.push_back({DiagnosticCode::RepeatedStretch, line(again),
                           fmt::format("the events of lines {} to {} are already at line {}", formatCount(line(again)),
                                       formatCount(line(again + length - 1)), formatCount(line(copy)))});
    }

    static constexpr int kMostTries = 4;
    static constexpr std::size_t kMostRuns = 64;
    static constexpr std::size_t kMostCompared = 16;  ///< times the number of events

    const Replay& m_replay;
    const EventTable& m_events;
    std::size_t m_compared = 0;
    std::vector<Diagnostic> m_found;
};

}  // namespace

std::vector<Diagnostic> orderFaultsByEvents(const Replay& replay) {
    const bool isMuch = hasManyContradictions(replay);
    if (isMuch && fitsBackwards(replay)) {
        const auto& lines = replay.trace->events.line;
        return {{DiagnosticCode::NewestFirst, lines[0],
                 fmt::format("from line {} to line {}, the events agree only in reverse order", formatCount(lines[0]),
                             formatCount(lines[lines.size() - 1]))}};
    }
    std::vector<Diagnostic> faults = RepeatedStretches(replay).find();
    if (!faults.empty() || replay.contradictions.empty()) return faults;
    if (auto swapped = SwappedParts(replay).find()) faults.push_back(std::move(*swapped));
    return faults;
}

}  // namespace alloclens
