// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server's table as it stands at one line of the log: which keys are live, with what size, owner, memory and count,
// and what the server's counters say of each device. It walks forward through the events of a replay by the same rules
// (core/tracker/rules.h), and has from the replay which lifetimes sweeps and restarts ended; a sum of the log is
// compared when the walk has reached its line. Linear in the events, 36 bytes a key.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/ledger/booked_sums.h"
#include "core/ledger/check.h"
#include "core/ledger/heard_counts.h"
#include "core/replay/key_range.h"
#include "core/replay/replay.h"
#include "core/tracker/rules.h"

namespace alloclens {

class LiveTable {
public:
    struct Entry {
        std::uint32_t sizeNumber = 0;  ///< of the trace's sizes; 0 while it is not known
        ProcessId owner;               ///< none while it is not known
        std::uint32_t depth = 0;       ///< 0: not live
        Memory memory = Memory::Unknown;
    };
    /// What came of a key's events.
    struct Tally {
        std::uint64_t allocations = 0;
        std::uint64_t accepted = 0;
        std::uint64_t refused = 0;
        std::uint64_t removed = 0;  ///< allocations whose entry went without a free
        std::uint64_t live = 0;     ///< the entry's count
        [[nodiscard]] std::int64_t held() const { return static_cast<std::int64_t>(allocations - accepted - removed); }
        void add(const Tally& other) {
            allocations += other.allocations;
            accepted += other.accepted;
            refused += other.refused;
            removed += other.removed;
            live += other.live;
        }
    };
    struct Sweep {
        std::uint64_t entries = 0;
        std::uint64_t bytes = 0;
        bool isKnown = true;  ///< all sizes are
    };

    LiveTable(const Replay& replay, CheckList& checks);

    /// Walks to the end of `line`; false when the task was cancelled. Lines before the present one are ignored.
    [[nodiscard]] bool advance(std::uint32_t line, const TaskContext& task) { return advance(line, kAllOfLine, task); }
    /// The same, but behind so many of the line's events.
    [[nodiscard]] bool advance(std::uint32_t line, std::uint32_t eventsOfLine, const TaskContext& task);

    [[nodiscard]] const Entry& entry(AddressId key) const { return m_keys[key.index()]; }
    [[nodiscard]] std::uint64_t sizeOf(const Entry& entry) const { return m_events.size.sizes()[entry.sizeNumber]; }
    /// What the present server counts of a device, or none.
    [[nodiscard]] const DeviceSums* device(std::int32_t device) const;
    [[nodiscard]] std::uint64_t liveEntries() const;
    [[nodiscard]] const Sweep& lastSweep() const { return m_sweep; }
    /// The event behind the present line: so many lie before it.
    [[nodiscard]] std::size_t position() const { return m_next; }
    /// Event rows before this one belong to an earlier server.
    [[nodiscard]] std::size_t serverStart() const { return m_serverStart; }

    /// Enhanced rules only.
    [[nodiscard]] const HeardCounts& heard() const { return m_heard; }
    /// The server said that the next allocation changes this key's size.
    void announceSize(AddressId key) { m_announced = key; }

    [[nodiscard]] Tally tally(AddressId key) const;

private:
    /// What an event touches: half a line of the processor's cache.
    struct alignas(32) KeyState : Entry {
        std::uint32_t lane = 0;  ///< row of Replay::devices
        std::uint32_t allocations = 0;
        std::uint32_t accepted = 0;
        std::uint32_t refused = 0;
    };
    static_assert(sizeof(KeyState) == 32);
    /// Of one share, on a line of the processor's cache of its own: cores count side by side.
    struct alignas(64) LiveCount {
        std::uint64_t entries = 0;
    };
    struct Ended {
        EventId event;
        AddressId key;
    };

    /// The next event of a kind, once somebody has asked.
    struct Next {
        EventKind kind;
        std::size_t event = 0;
        bool isKnown = false;
    };
    static constexpr std::size_t kAhead = 16;  ///< so many events ahead what they touch is fetched

    void listEnds();
    void shareKeys();
    [[nodiscard]] DeviceSums& sumsOf(const KeyState& key);
    [[nodiscard]] std::size_t firstBehind(std::uint32_t line) const;
    void walkTo(std::size_t end);
    /// The events of a share from the present one on.
    void walkShare(const KeyRange& share, std::size_t end, const TaskContext& task);
    [[nodiscard]] std::size_t nextCommon();
    void fetch(std::size_t event) const;
    void step(std::size_t event);
    void allocate(std::size_t event, AddressId id);
    void free(std::size_t event, AddressId id, const Effect& effect);
    void refuse(AddressId id);
    void endAll(std::size_t event);
    void restart(std::size_t event);
    void add(KeyState& key, std::uint32_t sizeNumber, ProcessId owner, Memory memory, bool isBooked);
    void remove(KeyState& key);
    void resize(std::size_t event, AddressId id);
    void learn(std::size_t event, KeyState& key);

    const Replay& m_replay;
    const Trace& m_trace;
    const EventTable& m_events;
    CheckList& m_checks;
    std::vector<KeyState> m_keys;          ///< by AddressId
    std::vector<std::uint32_t> m_removed;  ///< by AddressId: allocations whose entry went without a free
    HeardCounts m_heard;                   ///< empty without enhanced rules
    std::vector<DeviceSums> m_devices;
    std::vector<KeyRange> m_shares;  ///< what each core walks of a long stretch
    std::vector<LiveCount> m_live;   ///< by share: the present server's entries
    std::array<Next, 2> m_nextCommon{Next{EventKind::Sweep}, Next{EventKind::Restart}};
    bool m_isAnnounced;         ///< the source has the notices of sizes that change
    std::vector<Ended> m_ends;  ///< by sweeps and restarts, in order
    std::size_t m_nextEnd = 0;
    std::size_t m_next = 0;
    std::size_t m_serverStart = 0;
    std::uint32_t m_server = 1;
    Sweep m_sweep;
    AddressId m_announced;
};

}  // namespace alloclens
