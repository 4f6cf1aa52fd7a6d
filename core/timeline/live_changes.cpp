// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/live_changes.h"

#include <atomic>
#include <bit>

#include "core/base/parallel.h"
#include "core/tracker/rules.h"

namespace alloclens {
namespace {

constexpr unsigned kBitsOfWord = 64;
constexpr std::size_t kFewestRows = 1U << 16U;  // worth a thread

/// A set of events with the rank of each: how many of the set come before it.
class EventSet {
public:
    explicit EventSet(std::size_t events) : m_words(events / kBitsOfWord + 1, 0) {}

    /// By any threads at once.
    void add(EventId event) {
        const std::uint64_t bit = bitOf(event);
        std::uint64_t& word = m_words[event.index() / kBitsOfWord];
        std::atomic_ref(word).fetch_or(bit, std::memory_order_relaxed);
    }
    /// All of them in order; ranks are known from then on.
    [[nodiscard]] std::vector<std::uint32_t> take() {
        std::vector<std::uint32_t> events;
        m_before.reserve(m_words.size());
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            m_before.push_back(static_cast<std::uint32_t>(events.size()));
            for (std::uint64_t rest = m_words[i]; rest != 0; rest &= rest - 1) {
                events.push_back(static_cast<std::uint32_t>(i * kBitsOfWord)
                                 + static_cast<std::uint32_t>(std::countr_zero(rest)));
            }
        }
        return events;
    }
    [[nodiscard]] std::size_t rankOf(EventId event) const {
        const std::size_t word = event.index() / kBitsOfWord;
        return m_before[word] + static_cast<std::size_t>(std::popcount(m_words[word] & (bitOf(event) - 1)));
    }

private:
    [[nodiscard]] static std::uint64_t bitOf(EventId event) {
        return std::uint64_t{1} << (event.index() % kBitsOfWord);
    }

    std::vector<std::uint64_t> m_words;
    std::vector<std::uint32_t> m_before;
};

}  // namespace

LiveChanges::LiveChanges(std::shared_ptr<const Analysis> analysis, Flags lifetimesShown, const TaskContext& task)
    : m_analysis(std::move(analysis)), m_shown(std::move(lifetimesShown)) {
    m_hasResizes = sizeOfReallocation(m_analysis->trace->rules) == TakenFrom::Event;
    m_isWide = mayBeWide();
    findOthers(task);
}

bool LiveChanges::mayBeWide() const {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 63U;
    std::uint64_t largest = 0;
    for (const std::uint64_t size : m_analysis->trace->events.size.sizes()) {
        if (size != kNoSize) largest = std::max(largest, size);
    }
    const std::uint64_t lifetimes = m_analysis->replay.lifetimes.size() + 1;
    return largest >= kMost / lifetimes;
}

// What is not told by an event of the lifetime itself.
template <typename Change, typename Add>
void LiveChanges::addOthers(LifetimeId id, const Add& add) const {
    const LifetimeTable& table = m_analysis->replay.lifetimes;
    const LifetimeEnd end = table.end(id.index());
    const bool isEndOther = end != LifetimeEnd::Freed && end != LifetimeEnd::Open;
    const bool isBeginOther = table.row(id.index()).beginLost();
    if (!isEndOther && !isBeginOther && !isResized(id)) return;
    const std::uint64_t size = m_analysis->replay.sizeOf(id);
    if (size == kNoSize || !isShown(id)) return;
    if (isBeginOther) add(table.first(id.index()), Change{size});
    if (isEndOther) add(table.last(id.index()), Change{0} - size);
    if (isResized(id)) addResizes<Change>(id, add);
}

template <typename Change, typename Add>
void LiveChanges::addResizes(LifetimeId id, const Add& add) const {
    const Replay& replay = m_analysis->replay;
    const Lifetime lifetime = replay.lifetime(id);
    const auto events = replay.eventsOf(lifetime.address);
    std::uint64_t size = printedSize(lifetime.first.index());
    for (auto at = std::lower_bound(events.begin(), events.end(), lifetime.first);
         at != events.end() && replay.lifetimeOf[at->index()] == id; ++at) {
        if (replay.letters[at->index()] != Letter::Aliased) continue;
        const std::uint64_t next = printedSize(at->index());
        if (next != size) add(*at, Change{next} - size);
        size = next;
    }
    // Its end takes away what it is booked with, which a free may have been the first to tell.
    if (lifetime.last.isValid() && size != lifetime.size) add(lifetime.last, Change{lifetime.size} - size);
}

// Which events there are is found out first: then the sums need no sorting, however many lifetimes sweeps have ended.
void LiveChanges::findOthers(const TaskContext& task) {
    const std::size_t lifetimes = m_analysis->replay.lifetimes.size();
    const auto forEachLifetime = [&](const auto& add) {
        inShares(lifetimes, kFewestRows, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return;
                addOthers<std::uint64_t>(LifetimeId(i), add);
            }
        });
    };
    EventSet set(events());
    forEachLifetime([&set](EventId event, std::uint64_t /*change*/) { set.add(event); });
    if (task.isCancelled()) return;
    m_otherEvents = set.take();
    if (m_isWide) {
        m_otherWide.assign(m_otherEvents.size(), 0);
        for (std::size_t i = 0; i < lifetimes; ++i) {
            if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return;
            addOthers<WideChange>(LifetimeId(i),
                                  [&](EventId event, WideChange change) { m_otherWide[set.rankOf(event)] += change; });
        }
        return;
    }
    m_otherBytes.assign(m_otherEvents.size(), 0);
    if (m_otherEvents.empty()) return;
    forEachLifetime([&](EventId event, std::uint64_t change) {
        std::atomic_ref(m_otherBytes[set.rankOf(event)]).fetch_add(change, std::memory_order_relaxed);
    });
}

}  // namespace alloclens
