// SPDX-License-Identifier: GPL-3.0-or-later
//
// Gives each distinct value a number, in order of first appearance: an open-addressing hash table with linear probing,
// at most half full. Large tables cost a cache miss for each value, so internAll prefetches the slots of a batch. Up to
// 2^32 - 1 values. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace alloclens {

/// Spreads all bits of a number over the high bits, which pick the slot. Addresses and sizes are multiples of a page,
/// so their own low bits carry nothing.
[[nodiscard]] constexpr std::uint64_t mixBits(std::uint64_t value) {
    value *= 0x9e3779b97f4a7c15ULL;
    value ^= value >> 32;
    return value * 0xbf58476d1ce4e5b9ULL;
}

/// Requires: `Hash()(value)` returns 64 bits whose high bits are well spread, as mixBits returns them.
template <typename Value, typename Hash>
class Interner {
public:
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

    /// Returns the number of a value, and gives it the next number if it is new.
    [[nodiscard]] std::uint32_t intern(const Value& value) {
        makeRoom(1);
        return find(value, Hash()(value));
    }

    /// Interns each of `values` and calls `found(i, number)` in their order.
    template <typename Found>
    void internAll(std::span<const Value> values, Found found) {
        constexpr std::size_t kBatch = 32;
        std::uint64_t hashes[kBatch];
        for (std::size_t begin = 0; begin < values.size(); begin += kBatch) {
            const std::size_t count = std::min(kBatch, values.size() - begin);
            makeRoom(count);
            for (std::size_t i = 0; i < count; ++i) {
                hashes[i] = Hash()(values[begin + i]);
                __builtin_prefetch(&m_slots[slotOf(hashes[i])]);
            }
            for (std::size_t i = 0; i < count; ++i) {
                const std::uint32_t held = m_slots[slotOf(hashes[i])];
                if (held != kFree) __builtin_prefetch(&m_values[held]);
            }
            for (std::size_t i = 0; i < count; ++i) found(begin + i, find(values[begin + i], hashes[i]));
        }
    }

    /// The number of a value, or kNone if it has none.
    [[nodiscard]] std::uint32_t numberOf(const Value& value) const {
        if (m_slots.empty()) return kNone;
        const std::size_t mask = m_slots.size() - 1;
        for (std::size_t slot = slotOf(Hash()(value));; slot = (slot + 1) & mask) {
            const std::uint32_t held = m_slots[slot];
            if (held == kFree) return kNone;
            if (m_values[held] == value) return held;
        }
    }

    [[nodiscard]] const std::vector<Value>& values() const { return m_values; }
    /// Removes all values and keeps their memory.
    void clear() {
        m_values.clear();
        m_slots.assign(m_slots.size(), kFree);
    }
    /// Moves the values out, by number, and leaves the table empty.
    [[nodiscard]] std::vector<Value> release() {
        m_slots = {};
        m_bits = 0;
        return std::move(m_values);
    }

private:
    static constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();
    static constexpr unsigned kFirstBits = 8;

    [[nodiscard]] std::size_t slotOf(std::uint64_t hash) const {
        return static_cast<std::size_t>(hash >> (64 - m_bits));
    }

    [[nodiscard]] std::uint32_t find(const Value& value, std::uint64_t hash) {
        const std::size_t mask = m_slots.size() - 1;
        for (std::size_t slot = slotOf(hash);; slot = (slot + 1) & mask) {
            const std::uint32_t held = m_slots[slot];
            if (held == kFree) {
                m_slots[slot] = static_cast<std::uint32_t>(m_values.size());
                m_values.push_back(value);
                return m_slots[slot];
            }
            if (m_values[held] == value) return held;
        }
    }

    void makeRoom(std::size_t more) {
        if ((m_values.size() + more) * 2 <= m_slots.size()) return;
        if (m_bits == 0) m_bits = kFirstBits - 1;
        do ++m_bits;
        while ((m_values.size() + more) * 2 > std::size_t{1} << m_bits);
        m_slots.assign(std::size_t{1} << m_bits, kFree);
        const std::size_t mask = m_slots.size() - 1;
        for (std::size_t i = 0; i < m_values.size(); ++i) {
            std::size_t slot = slotOf(Hash()(m_values[i]));
            while (m_slots[slot] != kFree) slot = (slot + 1) & mask;
            m_slots[slot] = static_cast<std::uint32_t>(i);
        }
    }

    std::vector<Value> m_values;
    std::vector<std::uint32_t> m_slots;  ///< a row of m_values, or kFree
    unsigned m_bits = 0;                 ///< m_slots has 2^m_bits entries, once there is a value
};

}  // namespace alloclens
