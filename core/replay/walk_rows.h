// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a walk keeps of the events beside the rules, in two versions with the same functions. CountRows keeps nothing,
// so that the first pass costs what the rules cost; WriteRows writes lifetimes, letters, sums and contradictions to
// where they belong in the replay. Each belongs to one walk; only the rows of the walk's own keys are written.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/saturating.h"
#include "core/replay/key_range.h"
#include "core/replay/replay.h"

namespace alloclens {

/// What the rules have to know of a key.
struct RuleState {
    std::uint32_t depth = 0;
    std::uint32_t lifetimes = 0;  ///< begun so far; the last of them is live while depth is above 0
    std::uint32_t events = 0;
    ProcessId owner;
    std::uint32_t sizeNumber = 0;
    std::uint32_t entry = 0;  ///< of OwnedKeys, in the list of its owner
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
    /// The live lifetime's row, or that of the one which ended last. `lifetimes` must not be 0.
    [[nodiscard]] std::size_t row() const { return firstLifetime + lifetimes - 1; }
    [[nodiscard]] std::int32_t balance() const {
        return static_cast<std::int32_t>(allocations - acceptedFrees - refusedFrees);
    }
};
static_assert(sizeof(WriteState) == 64);

/// How many entries of its process a sweep removed from a walk's keys.
struct SweepShare {
    EventId event;
    std::uint64_t removed = 0;
};

class CountRows {
public:
    using State = RuleState;
    static constexpr std::string_view kTask = "counting lifetimes";

    CountRows(const Trace& /*trace*/, Replay& /*out*/, std::size_t /*block*/) {}
    void prepare(KeyRange /*keys*/, const std::vector<std::uint32_t>& /*laneOf*/, std::vector<State>& /*states*/) {}
    void fetch(const State& /*next*/, EventId /*event*/) const {}
    void write(const std::vector<EventId>& /*events*/, std::size_t /*count*/, bool /*isFirst*/) {}
    void finish(KeyRange /*keys*/, const std::vector<State>& /*states*/) {}

    /// Sizes say nothing of how many lifetimes there are: who counts does not read them.
    [[nodiscard]] std::uint32_t sizeNumberOf(EventId /*event*/) const { return 0; }
    [[nodiscard]] Memory lastMemory(const State& /*state*/) const { return Memory::Unknown; }

    void begin(State& /*state*/, AddressId /*key*/, EventId /*event*/, Memory /*memory*/, bool /*isBeginLost*/) {}
    void close(const State& /*state*/, EventId /*last*/, LifetimeEnd /*how*/) {}
    void deepen(State& /*state*/) const {}
    void addBytes(const State& /*state*/) {}
    void removeBytes(const State& /*state*/) {}
    void record(std::size_t /*at*/, EventId /*event*/, const State& /*state*/, Letter /*letter*/) {}
    void recordWithoutKey(std::size_t /*at*/, Letter /*letter*/) {}
    void recordEnd(AddressId /*key*/, EventId /*event*/, const State& /*state*/, LifetimeEnd /*how*/) {}
    void countAllocation(State& /*state*/, bool /*isAliased*/) {}
    void countFree(State& /*state*/, bool /*isFinal*/) {}
    void countRefusal(State& /*state*/) {}
    void countSweep(EventId /*event*/, std::uint64_t /*removed*/) {}
    void contradict(EventId /*event*/, const Effect& /*effect*/, const State& /*before*/) {}
    void contradictSize(EventId /*event*/, std::uint32_t /*held*/, std::uint32_t /*printed*/) {}
    void contradictOwner(EventId /*event*/, ProcessId /*held*/, ProcessId /*printed*/) {}
};

class WriteRows {
public:
    using State = WriteState;
    static constexpr std::string_view kTask = "replaying";

    /// `block`: how many events it keeps before it writes them.
    WriteRows(const Trace& trace, Replay& out, std::size_t block);
    void prepare(KeyRange keys, const std::vector<std::uint32_t>& laneOf, std::vector<State>& states);

    /// Brings what an event will write into the processor's cache.
    void fetch(const State& next, EventId event) const {
        __builtin_prefetch(m_out.keyEvents.data() + next.firstEvent + next.events, 1);
        // Most allocations begin the next row; a free ends the last one.
        const std::uint32_t isBegin = m_events.kind[event.index()] == EventKind::Allocation ? 1 : 0;
        __builtin_prefetch(m_out.lifetimes.rows() + next.firstLifetime + next.lifetimes + isBegin - 1, 1);
    }
    /// Writes the outcomes of a block. All walks see events without a key; only the first walk writes them.
    void write(const std::vector<EventId>& events, std::size_t count, bool isFirst);
    /// Nothing follows.
    void finish(KeyRange keys, const std::vector<State>& states);

    [[nodiscard]] std::uint32_t sizeNumberOf(EventId event) const { return m_events.size.numbers()[event.index()]; }
    /// The memory of the key's last lifetime.
    [[nodiscard]] Memory lastMemory(const State& state) const {
        return state.lifetimes > 0 ? m_out.lifetimes.memory(state.row()) : Memory::Unknown;
    }

    void begin(State& state, AddressId key, EventId event, Memory memory, bool isBeginLost) {
        LifetimeTable::Row& row = m_out.lifetimes.row(state.row());
        row.address = key;
        row.first = event;
        state.begun = LifetimeTable::Row::begunAs(memory, isBeginLost);
        row.packed = state.begun;
        state.peakDepth = 0;
    }
    void close(const State& state, EventId last, LifetimeEnd how) {
        LifetimeTable::Row& row = m_out.lifetimes.row(state.row());
        row.last = last;
        row.owner = state.owner;
        row.sizeNumber = state.sizeNumber;
        row.packed = state.begun | LifetimeTable::Row::endedAs(how, state.peakDepth);
        if (how != LifetimeEnd::Freed) m_unfreed.emplace_back(state.row());
        if (state.peakDepth > 1) {
            AddressSummary& address = m_out.addresses[row.address.index()];
            address.peakDepth = std::max(address.peakDepth, state.peakDepth);
        }
    }
    void deepen(State& state) const { state.peakDepth = std::max(state.peakDepth, state.depth); }
    void addBytes(const State& state) {
        if (state.sizeNumber == 0) return;
        WideSum& bytes = m_liveBytes[state.lane];
        bytes += sizeOf(state.sizeNumber);
        m_devices[state.lane].peakLiveBytes = std::max(m_devices[state.lane].peakLiveBytes, saturated(bytes));
    }
    void removeBytes(const State& state) {
        if (state.sizeNumber != 0) m_liveBytes[state.lane] -= sizeOf(state.sizeNumber);
    }

    void record(std::size_t at, EventId event, const State& state, Letter letter) {
        Outcome& outcome = m_outcomes[at];  // field by field: a whole struct would go through memory
        outcome.lifetime = state.lifetimes > 0 ? LifetimeId(state.row()) : LifetimeId{};
        outcome.depth = state.depth;
        outcome.letter = letter;
        outcome.hasKey = true;
        m_out.keyEvents[state.firstEvent + state.events] = event;
    }
    void recordWithoutKey(std::size_t at, Letter letter) { m_outcomes[at] = {{}, 0, letter, false}; }
    /// An event without a key ended the lifetime: a sweep or a restart. A sweep also joins the key's list of events.
    void recordEnd(AddressId key, EventId event, const State& state, LifetimeEnd how) {
        m_out.addresses[key.index()].wasAbandoned = true;
        if (how != LifetimeEnd::Swept) return;
        m_out.keyEvents[state.firstEvent + state.events] = event;
        ++m_totals.swept;
    }

    void countAllocation(State& state, bool isAliased) {
        ++state.allocations;
        state.aliasedAllocations += isAliased ? 1 : 0;
        ++m_totals.allocations;
        m_totals.aliasedAllocations += isAliased ? 1 : 0;
        ++m_devices[state.lane].allocations;
    }
    void countFree(State& state, bool isFinal) {
        ++state.acceptedFrees;
        lowerBalance(state);
        ++m_devices[state.lane].frees;
        ++(isFinal ? m_totals.finalFrees : m_totals.partialFrees);
    }
    void countRefusal(State& state) {
        ++state.refusedFrees;
        lowerBalance(state);
        ++m_totals.unknownFrees;
        ++m_devices[state.lane].unknownFrees;
    }
    void countSweep(EventId event, std::uint64_t removed) { m_sweeps.push_back({event, removed}); }

    void contradict(EventId event, const Effect& effect, const State& before);
    void contradictSize(EventId event, std::uint32_t held, std::uint32_t printed);
    void contradictOwner(EventId event, ProcessId held, ProcessId printed);

    [[nodiscard]] const EventTotals& totals() const { return m_totals; }
    [[nodiscard]] const std::vector<Contradiction>& contradictions() const { return m_contradictions; }
    /// One a sweep of the trace, in order, so that all walks have the same events.
    [[nodiscard]] const std::vector<SweepShare>& sweeps() const { return m_sweeps; }
    /// The lifetimes of these keys that no free ended, sorted.
    [[nodiscard]] const std::vector<LifetimeId>& unfreed() const { return m_unfreed; }

private:
    /// The outcome of an event, kept until its block ends.
    struct Outcome {
        LifetimeId lifetime;
        std::uint32_t depth = 0;
        Letter letter = Letter::None;
        bool hasKey = false;
    };

    [[nodiscard]] std::uint64_t sizeOf(std::uint32_t number) const { return m_events.size.sizes()[number]; }
    static void lowerBalance(State& state) { state.lowestBalance = std::min(state.lowestBalance, state.balance()); }

    const Trace& m_trace;
    const EventTable& m_events;
    Replay& m_out;
    std::vector<Outcome> m_outcomes;
    std::vector<DeviceSummary> m_devices;  ///< by row of Replay::devices: those of our keys
    std::vector<WideSum> m_liveBytes;      ///< by row of Replay::devices
    std::vector<SweepShare> m_sweeps;
    std::vector<LifetimeId> m_unfreed;
    std::vector<Contradiction> m_contradictions;
    EventTotals m_totals;
};

}  // namespace alloclens
