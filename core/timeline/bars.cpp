// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/bars.h"

#include <algorithm>
#include <array>
#include <bit>

#include "core/base/parallel.h"

namespace alloclens {
namespace {

constexpr std::uint8_t bitOf(Memory memory) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(memory)); }

struct Record {
    std::uint32_t from;
    std::uint32_t to;
    std::uint32_t slot;
    std::uint32_t lifetime;
};

/// Sorts records by their start, in passes of so many bits from the lowest on.
void sortByStart(std::vector<Record>& records, std::vector<Record>& spare, std::uint32_t events) {
    constexpr unsigned kBits = 11;
    constexpr std::uint32_t kMask = (1U << kBits) - 1;
    spare.resize(records.size());
    for (unsigned shift = 0; shift < 32 && events >> shift != 0; shift += kBits) {
        std::array<std::uint32_t, kMask + 1> place{};
        for (const Record& record : records) ++place[(record.from >> shift) & kMask];
        std::uint32_t sum = 0;
        for (std::uint32_t& at : place) sum += std::exchange(at, sum);
        for (const Record& record : records) spare[place[(record.from >> shift) & kMask]++] = record;
        records.swap(spare);
    }
}

}  // namespace

class Bars::Builder {
public:
    Builder(const Analysis& analysis, const TaskContext& task, Bars& bars)
        : m_analysis(analysis), m_task(task), m_bars(bars) {}

    void build() {
        findMemories();
        if (m_task.isCancelled()) return;
        numberSlots();
        countLifetimes();
        cutStripes();
        if (m_task.isCancelled()) return;
        fill();
    }

private:
    [[nodiscard]] const Replay& replay() const { return m_analysis.replay; }
    [[nodiscard]] std::size_t addresses() const { return m_analysis.trace->addresses.size(); }

    /// Calls `work(address)` for all addresses, on all cores.
    template <typename Work>
    void forEachAddress(const Work& work) const {
        constexpr std::size_t kBatch = 16;
        inParallel((addresses() + kBatch - 1) / kBatch, [&] {
            return [&](std::size_t batch) {
                if (m_task.isCancelled()) return;
                const std::size_t end = std::min(addresses(), (batch + 1) * kBatch);
                for (std::size_t address = batch * kBatch; address < end; ++address) work(address);
            };
        });
    }

    void findMemories() {
        m_bars.m_memories.assign(addresses(), 0);
        forEachAddress([this](std::size_t address) {
            const AddressSummary& summary = replay().addresses[address];
            std::uint8_t memories = 0;
            for (std::uint32_t g = 0; g < summary.lifetimes; ++g) {
                memories |= bitOf(replay().lifetime(LifetimeId(summary.firstLifetime.value + g)).memory);
            }
            m_bars.m_memories[address] = memories;
        });
        for (const Finding& finding : m_analysis.findings.rows) {
            if (!isRefusedFree(finding) || finding.lifetime.isValid()) continue;
            m_bars.m_memories[finding.address.index()] |= bitOf(Memory::Unknown);
        }
    }

    void numberSlots() {
        const auto& keys = m_analysis.trace->addresses;
        auto& begins = m_bars.m_slotsOf;
        begins.assign(addresses() + 1, 0);
        for (std::size_t i = 0; i < addresses(); ++i) {
            begins[i + 1] = begins[i] + static_cast<std::uint32_t>(std::popcount(m_bars.m_memories[i]));
        }
        m_bars.m_addressSlots.resize(begins.back());
        m_bars.m_slots.reserve(begins.back());
        std::vector<std::uint32_t> next(begins.begin(), begins.end() - 1);
        for (std::size_t begin = 0; begin < addresses();) {
            std::size_t end = begin;
            while (end < addresses() && keys[end].device == keys[begin].device) ++end;
            for (int m = 0; m < kMemoryCount; ++m) {
                const auto memory = static_cast<Memory>(m);
                for (std::size_t address = begin; address < end; ++address) {
                    if ((m_bars.m_memories[address] & bitOf(memory)) == 0) continue;
                    m_bars.m_addressSlots[next[address]++] = static_cast<std::uint32_t>(m_bars.m_slots.size());
                    m_bars.m_slots.push_back({AddressId(address), memory, 0});
                }
            }
            begin = end;
        }
    }

    void countLifetimes() {
        forEachAddress([this](std::size_t address) {
            const AddressSummary& summary = replay().addresses[address];
            const auto slots = m_bars.slotsOf(AddressId(address));
            if (slots.size() == 1) {
                m_bars.m_slots[slots.front()].lifetimes = summary.lifetimes;
                return;
            }
            for (std::uint32_t g = 0; g < summary.lifetimes; ++g) {
                const Memory memory = replay().lifetime(LifetimeId(summary.firstLifetime.value + g)).memory;
                ++m_bars.m_slots[m_bars.slotOf(AddressId(address), memory)].lifetimes;
            }
        });
    }

    void cutStripes() {
        constexpr std::uint32_t kStripes = 64;
        const auto& slots = m_bars.m_slots;
        const auto total = static_cast<std::uint32_t>(replay().lifetimes.size());
        const std::uint32_t quantile = total / kStripes + 1;
        Stripe stripe;
        std::size_t latest = 0;
        const auto close = [&](std::uint32_t end) {
            stripe.endSlot = end;
            stripe.firstLatest = latest;
            m_bars.m_stripes.push_back(stripe);
            for (std::size_t size = stripe.endBar - stripe.firstBar; size > 1;) {
                size = (size + kFan - 1) / kFan;
                latest += size;
            }
            stripe = {end, end, stripe.endBar, stripe.endBar, latest};
        };
        for (std::uint32_t slot = 0; slot < slots.size(); ++slot) {
            if (slot > stripe.firstSlot) {
                const auto device = [&](std::uint32_t s) { return m_analysis.key(slots[s].address).device; };
                const bool isOther = slots[slot].memory != slots[slot - 1].memory || device(slot) != device(slot - 1);
                const bool isFull = stripe.endBar - stripe.firstBar >= quantile
                                    || slot - stripe.firstSlot >= kMostSlots;
                if (isOther || isFull) close(slot);
            }
            stripe.endBar += slots[slot].lifetimes;
        }
        if (!slots.empty()) close(static_cast<std::uint32_t>(slots.size()));
        m_bars.m_latest.resize(latest);
        m_bars.m_count = total;
    }

    void fill() {
        const auto column = [this] { return std::make_unique_for_overwrite<std::uint32_t[]>(m_bars.m_count); };
        m_bars.m_from = column();
        m_bars.m_to = column();
        m_bars.m_slot = column();
        m_bars.m_lifetime = column();
        inParallel(m_bars.m_stripes.size(), [this] {
            return [this, records = std::vector<Record>(), spare = std::vector<Record>()](std::size_t i) mutable {
                if (m_task.isCancelled()) return;
                const Stripe& stripe = m_bars.m_stripes[i];
                gather(stripe, records);
                sortByStart(records, spare, static_cast<std::uint32_t>(m_analysis.trace->events.count()));
                write(stripe, records);
            };
        });
    }

    void gather(const Stripe& stripe, std::vector<Record>& records) const {
        const auto events = static_cast<std::uint32_t>(m_analysis.trace->events.count());
        records.clear();
        for (std::uint32_t slot = stripe.firstSlot; slot < stripe.endSlot; ++slot) {
            const auto [address, memory, lifetimes] = m_bars.m_slots[slot];
            const AddressSummary& summary = replay().address(address);
            for (std::uint32_t g = 0; lifetimes > 0 && g < summary.lifetimes; ++g) {
                const LifetimeId id(summary.firstLifetime.value + g);
                const Lifetime& lifetime = replay().lifetime(id);
                if (lifetime.memory != memory) continue;
                const std::uint32_t to = lifetime.last.isValid() ? lifetime.last.value : events;
                records.push_back({lifetime.first.value, to, slot, id.value});
            }
        }
    }

    void write(const Stripe& stripe, const std::vector<Record>& records) {
        std::uint32_t bar = stripe.firstBar;
        for (const Record& record : records) {
            m_bars.m_from[bar] = record.from;
            m_bars.m_to[bar] = record.to;
            m_bars.m_slot[bar] = record.slot;
            m_bars.m_lifetime[bar++] = record.lifetime;
        }
        const std::uint32_t* below = m_bars.m_to.get() + stripe.firstBar;
        std::uint32_t* above = m_bars.m_latest.data() + stripe.firstLatest;
        for (std::size_t size = records.size(); size > 1;) {
            const std::size_t blocks = (size + kFan - 1) / kFan;
            for (std::size_t block = 0; block < blocks; ++block) {
                above[block] = *std::max_element(below + block * kFan, below + std::min(size, (block + 1) * kFan));
            }
            below = above;
            above += blocks;
            size = blocks;
        }
    }

    const Analysis& m_analysis;
    const TaskContext& m_task;
    Bars& m_bars;
};

Result<std::shared_ptr<const Bars>> Bars::build(const Analysis& analysis, const TaskContext& task) {
    auto bars = std::make_shared<Bars>();
    Builder(analysis, task, *bars).build();
    if (task.isCancelled()) return TaskContext::cancelled();
    return std::shared_ptr<const Bars>(std::move(bars));
}

std::span<const std::uint32_t> Bars::slotsOf(AddressId address) const {
    const std::uint32_t begin = m_slotsOf[address.index()];
    return std::span(m_addressSlots).subspan(begin, m_slotsOf[address.index() + 1] - begin);
}

std::uint32_t Bars::slotOf(AddressId address, Memory memory) const {
    const unsigned memories = m_memories[address.index()];
    const unsigned bit = bitOf(memory);
    if ((memories & bit) == 0) return kNoSlot;
    return slotsOf(address)[static_cast<std::size_t>(std::popcount(memories & (bit - 1)))];
}

std::uint32_t Bars::firstStartingFrom(const Stripe& stripe, std::uint32_t event) const {
    const std::uint32_t* begin = m_from.get() + stripe.firstBar;
    const std::uint32_t* end = m_from.get() + stripe.endBar;
    return stripe.firstBar + static_cast<std::uint32_t>(std::lower_bound(begin, end, event) - begin);
}

std::uint32_t Bars::nextEndingFrom(const Stripe& stripe, std::uint32_t bar, std::uint32_t limit,
                                   std::uint32_t event) const {
    while (bar < limit) {
        // At the edge of a block: over it, and over the largest one that begins here and ended before the event.
        std::uint32_t skipped = 0;
        std::size_t block = bar - stripe.firstBar;
        std::size_t size = stripe.endBar - stripe.firstBar;
        const std::uint32_t* latest = m_latest.data() + stripe.firstLatest;
        for (std::uint32_t wide = kFan; block % kFan == 0 && size > 1; wide *= kFan) {
            block /= kFan;
            size = (size + kFan - 1) / kFan;
            if (latest[block] >= event) break;
            skipped = wide;
            latest += size;
        }
        if (skipped > 0) {
            if (limit - bar <= skipped) return limit;
            bar += skipped;
            continue;
        }
        // Within a block that has at least one such end, or has been entered in its middle.
        if (m_to[bar] >= event) return bar;
        ++bar;
    }
    return limit;
}

}  // namespace alloclens
