// SPDX-License-Identifier: GPL-3.0-or-later
//
// One walk over all events for a range of keys: the tracker's rules with nothing shared between walks, so that the
// devices can be replayed side by side and the result is that of one walk over everything. The rules run twice. The
// first time they count each key's lifetimes and events; from that follows where each row of the result belongs, so the
// second time writes it there, and nothing has to be sorted or copied. Where sweeps are many the live keys of each
// process are in a list of their own, so that a sweep costs what it removes and little more; where they are few, to
// look through all keys is cheaper than to keep the lists.
#pragma once

#include <type_traits>
#include <vector>

#include "core/base/saturating.h"
#include "core/replay/key_range.h"
#include "core/replay/replay.h"
#include "core/tracker/rules.h"

namespace alloclens {

/// What the first walk tells of a key.
struct KeyCounts {
    std::uint32_t lifetimes = 0;
    std::uint32_t events = 0;  ///< sweeps included
};

/// How a sweep finds the keys of its process.
enum class SweepSearch { Lists, AllKeys };

/// How many entries of its process a sweep removed from a walk's keys.
struct SweepShare {
    EventId event;
    std::uint64_t removed = 0;
};

enum class WalkPass { Count, Write };

/// Walks lie side by side in a vector while each is in another core's hands: none shares a line of the cache.
template <WalkPass kPass>
class alignas(128) Walk {
public:
    /// Walks `keys` of `trace`. Counting fills their rows of `counts`; writing fills their rows of `out`, whose columns
    /// have their sizes and whose addresses know where their lifetimes and events begin.
    Walk(const Trace& trace, KeyRange keys, SweepSearch search, std::vector<KeyCounts>& counts, Replay& out,
         const std::vector<std::uint32_t>& laneOf);

    /// False when the task was cancelled.
    [[nodiscard]] bool run(const TaskContext& task);

    /// The greatest depth of any key.
    [[nodiscard]] std::uint32_t peakDepth() const { return m_peakDepth; }
    [[nodiscard]] const EventTotals& totals() const { return m_totals; }
    [[nodiscard]] const std::vector<Contradiction>& contradictions() const { return m_contradictions; }
    /// One a sweep of the trace, in order, so that all walks have the same events.
    [[nodiscard]] const std::vector<SweepShare>& sweeps() const { return m_sweeps; }
    /// The lifetimes of these keys that no free ended, sorted.
    [[nodiscard]] const std::vector<LifetimeId>& unfreed() const { return m_unfreed; }

private:
    static constexpr bool kWrites = kPass == WalkPass::Write;

    /// What the rules have to know of a key.
    struct RuleState {
        std::uint32_t depth = 0;
        std::uint32_t lifetimes = 0;  ///< begun so far; the last of them is live while depth is above 0
        std::uint32_t events = 0;
        ProcessId owner;
        std::uint32_t sizeNumber = 0;
        std::uint32_t entry = 0;  ///< of Owned::keys of its owner
    };
    /// And what is written of it: with the above one line of the processor's cache.
    struct alignas(64) WriteState : RuleState {
        std::uint32_t lane = 0;
        std::uint32_t firstLifetime = 0;
        std::uint32_t peakDepth = 0;  ///< of the live lifetime
        std::uint32_t allocations = 0;
        std::uint32_t aliasedAllocations = 0;
        std::uint32_t acceptedFrees = 0;
        std::uint32_t refusedFrees = 0;
        std::int32_t lowestBalance = 0;
        std::uint32_t firstEvent = 0;
        std::uint32_t begun = 0;  ///< LifetimeTable::Row::begunAs of the live lifetime
    };
    static_assert(sizeof(WriteState) == 64);
    using KeyState = std::conditional_t<kWrites, WriteState, RuleState>;

    /// The keys that became live in a process's hands, in order. Those that have been released meanwhile stay until
    /// they are the half; an entry counts while its key is live and names it.
    struct Owned {
        std::vector<AddressId> keys;
        std::uint64_t live = 0;
        bool isListed = false;  ///< in m_owners
    };
    static constexpr std::size_t kAhead = 24;  ///< so many keys ahead their states are fetched

    /// What becomes of an event, kept until its block is through.
    struct Outcome {
        LifetimeId lifetime;
        std::uint32_t depth = 0;
        Letter letter = Letter::None;
        bool hasKey = false;
    };
    static constexpr std::size_t kBlock = 4096;
    static_assert(TaskContext::kPollRows % kBlock == 0);

    [[nodiscard]] bool isOurs(AddressId key) const {
        return !key.isValid() || (key.value >= m_keys.first && key.value < m_keys.last);
    }
    [[nodiscard]] KeyState& state(AddressId key) { return m_states[key.value - m_keys.first]; }
    /// The live lifetime's row, or that of the one which ended last. `lifetimes` must not be 0.
    [[nodiscard]] static std::size_t rowOf(const WriteState& state) {
        return state.firstLifetime + state.lifetimes - 1;
    }

    void prepare();
    void walkBlock(std::size_t begin, std::size_t end);
    void fetchAhead();
    void writeBlock();
    void summarise();

    // The rules, one function a kind of event.
    void step(EventId event);
    void allocate(EventId event);
    void freePartly(EventId event);
    void freeFinally(EventId event);
    void refuse(EventId event);
    void sweep(EventId event);
    void restart(EventId event);

    // What they do to a lifetime.
    void begin(AddressId key, EventId event, ProcessId owner, std::uint32_t sizeNumber, Memory memory,
               bool isBeginLost);
    void beginLost(AddressId key, EventId event);
    void end(AddressId key, EventId event, LifetimeEnd how);
    void close(const WriteState& state, EventId last, LifetimeEnd how);

    // The live keys of each process, for sweeps.
    void own(AddressId key, ProcessId owner);
    void disown(const KeyState& state);
    void compact(std::size_t owner);
    template <typename IsWanted, typename Take>
    void takeFound(const IsWanted& isWanted, const Take& take);
    template <typename Take>
    void takeListed(std::size_t owner, const Take& take);
    [[nodiscard]] bool isOwned(AddressId key, std::size_t owner, std::uint32_t entry) {
        const KeyState& held = state(key);
        return held.depth > 0 && held.entry == entry && listOf(held.owner) == owner;
    }

    void setDepth(KeyState& state, std::uint32_t depth);
    void resize(KeyState& state, std::uint32_t sizeNumber);

    // The books: letters, sums, contradictions.
    void record(EventId event, KeyState& state, Letter letter);
    void countFree(KeyState& state);
    void lowerBalance(WriteState& state);
    void checkPrinted(EventId event, AddressId key);
    void contradict(EventId event, const Effect& effect, const KeyState& before);
    void contradict(EventId event, ContradictionKind kind, ExpectedAndTold numbers);
    void addLiveBytes(const KeyState& state);
    void removeLiveBytes(const KeyState& state);
    /// Sizes say nothing of how many lifetimes there are: who counts does not read them.
    [[nodiscard]] std::uint32_t sizeNumberOf(EventId event) const {
        return kWrites ? m_events.size.numbers()[event.index()] : 0;
    }
    [[nodiscard]] std::uint64_t sizeOf(std::uint32_t number) const { return m_events.size.sizes()[number]; }
    // Processes have a list each; lifetimes without an owner share the last one.
    [[nodiscard]] std::size_t listOf(ProcessId process) const {
        return process.isValid() ? process.index() : m_owned.size() - 1;
    }

    const Trace& m_trace;
    const EventTable& m_events;
    KeyRange m_keys;
    SweepSearch m_search;
    std::vector<KeyCounts>& m_counts;
    Replay& m_out;
    const std::vector<std::uint32_t>& m_laneOf;  ///< by AddressId: row of Replay::devices
    std::vector<KeyState> m_states;              ///< by AddressId, from m_keys.first
    std::vector<Owned> m_owned;                  ///< by ProcessId; of no use where all keys are looked through
    std::vector<std::uint32_t> m_owners;         ///< rows of m_owned that have had keys since the last restart
    std::vector<DeviceSummary> m_devices;        ///< by row of Replay::devices: those of our keys
    std::vector<WideSum> m_liveBytes;            ///< by row of Replay::devices
    // Our events of the block that is being walked: so many, and the one in work.
    std::vector<EventId> m_ours;
    std::vector<Outcome> m_outcomes;
    std::size_t m_listed = 0;
    std::size_t m_at = 0;
    std::vector<SweepShare> m_sweeps;
    std::vector<LifetimeId> m_unfreed;
    std::vector<Contradiction> m_contradictions;
    EventTotals m_totals;
    std::uint32_t m_peakDepth = 0;
};

extern template class Walk<WalkPass::Count>;
extern template class Walk<WalkPass::Write>;

}  // namespace alloclens
