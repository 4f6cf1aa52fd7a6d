// SPDX-License-Identifier: GPL-3.0-or-later
//
// All lifetimes of an analysis as packed drawing records, sorted so that any part of the timeline is found without
// looking at the rest. A slot is an address in one memory; slots stand in the order device, memory, address, which is
// that of the timeline's rows. Stripes are runs of neighbouring slots of one device and memory; within a stripe bars
// are sorted by their start, and a hierarchy of latest ends finds those that began earlier and still last. Made once an
// analysis, whatever filter and axes are in force; linear in the lifetimes, on all cores; about 17 bytes a lifetime;
// immutable afterwards.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/analysis/analysis.h"

namespace alloclens {

class Bars {
public:
    static constexpr std::uint32_t kNoSlot = 0xFFFFFFFF;

    struct Slot {
        AddressId address;
        Memory memory = Memory::Unknown;  ///< Unknown also for refused frees of what was never allocated
        std::uint32_t lifetimes = 0;
    };
    struct Stripe {
        std::uint32_t firstSlot = 0;
        std::uint32_t endSlot = 0;
        std::uint32_t firstBar = 0;
        std::uint32_t endBar = 0;
        std::size_t firstLatest = 0;  ///< where its hierarchy of ends begins
    };
    /// No stripe has more slots than this.
    static constexpr std::uint32_t kMostSlots = 2048;

    [[nodiscard]] static Result<std::shared_ptr<const Bars>> build(const Analysis& analysis, const TaskContext& task);

    [[nodiscard]] std::uint32_t count() const { return m_count; }
    /// Not plain "slots", which is a word of Qt.
    [[nodiscard]] const std::vector<Slot>& allSlots() const { return m_slots; }
    [[nodiscard]] const std::vector<Stripe>& stripes() const { return m_stripes; }
    [[nodiscard]] std::uint32_t slotOf(AddressId address, Memory memory) const;
    /// The slots of an address, in the order of memories.
    [[nodiscard]] std::span<const std::uint32_t> slotsOf(AddressId address) const;

    // A bar: the events at which it begins and ends, its slot and its lifetime. Open ones end with the event count.
    [[nodiscard]] std::uint32_t from(std::uint32_t bar) const { return m_from[bar]; }
    [[nodiscard]] std::uint32_t to(std::uint32_t bar) const { return m_to[bar]; }
    [[nodiscard]] std::uint32_t slot(std::uint32_t bar) const { return m_slot[bar]; }
    [[nodiscard]] LifetimeId lifetime(std::uint32_t bar) const { return LifetimeId(m_lifetime[bar]); }

    /// Calls `visit(bar)` for those of a stripe that begin before event `to` and end at `from` or later; first those
    /// that began before `from`, each part in the order of starts. The cost is the answer plus a logarithm.
    template <typename Visit>
    void forEachTouching(const Stripe& stripe, std::uint32_t from, std::uint32_t to, const Visit& visit) const {
        const std::uint32_t begin = firstStartingFrom(stripe, from);
        const std::uint32_t end = firstStartingFrom(stripe, to);
        for (std::uint32_t bar = nextEndingFrom(stripe, stripe.firstBar, begin, from); bar < begin;
             bar = nextEndingFrom(stripe, bar + 1, begin, from)) {
            visit(bar);
        }
        for (std::uint32_t bar = begin; bar < end; ++bar) visit(bar);
    }
    /// The first bar of a stripe that begins at the event or later.
    [[nodiscard]] std::uint32_t firstStartingFrom(const Stripe& stripe, std::uint32_t event) const;

private:
    static constexpr std::uint32_t kFan = 16;
    using Column = std::unique_ptr<std::uint32_t[]>;  // not a vector: that would write it twice
    class Builder;

    /// The first bar of [bar, limit) that ends at the event or later; limit if there is none.
    [[nodiscard]] std::uint32_t nextEndingFrom(const Stripe& stripe, std::uint32_t bar, std::uint32_t limit,
                                               std::uint32_t event) const;

    std::uint32_t m_count = 0;
    Column m_from;
    Column m_to;
    Column m_slot;
    Column m_lifetime;
    std::vector<std::uint32_t> m_latest;  ///< a stripe's latest ends of kFan bars each, then of kFan of those ...
    std::vector<Stripe> m_stripes;
    std::vector<Slot> m_slots;
    std::vector<std::uint8_t> m_memories;  ///< by AddressId: a bit for each memory in which it has a slot
    std::vector<std::uint32_t> m_slotsOf;  ///< by AddressId: where its slots begin in the next
    std::vector<std::uint32_t> m_addressSlots;
};

}  // namespace alloclens
