// SPDX-License-Identifier: GPL-3.0-or-later
//
// Gives each distinct address key a number, in order of first appearance: an open-addressing table with linear
// probing over a power of two, at most half full. About 30 bytes a distinct key. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "core/trace/event.h"

namespace alloclens {

class KeyInterner {
public:
    [[nodiscard]] AddressId intern(const AddressKey& key) {
        if ((m_keys.size() + 1) * 2 > m_slots.size()) grow();
        const std::size_t mask = m_slots.size() - 1;
        for (std::size_t slot = hash(key) & mask;; slot = (slot + 1) & mask) {
            const std::uint32_t held = m_slots[slot];
            if (held == AddressId::kNoneValue) {
                const AddressId id(m_keys.size());
                m_slots[slot] = id.value;
                m_keys.push_back(key);
                return id;
            }
            if (m_keys[held] == key) return AddressId(held);
        }
    }

    [[nodiscard]] const std::vector<AddressKey>& keys() const { return m_keys; }
    [[nodiscard]] std::vector<AddressKey> release() {
        m_slots.clear();
        return std::move(m_keys);
    }

private:
    // Addresses are multiples of a page or more, so the low bits say nothing: mix them all (Murmur3's finaliser).
    [[nodiscard]] static std::size_t hash(const AddressKey& key) {
        std::uint64_t h = key.address ^ (static_cast<std::uint64_t>(static_cast<std::uint32_t>(key.device)) << 40);
        h ^= h >> 33;
        h *= 0xff51afd7ed558ccdULL;
        h ^= h >> 33;
        h *= 0xc4ceb9fe1a85ec53ULL;
        h ^= h >> 33;
        return static_cast<std::size_t>(h);
    }

    void grow() {
        constexpr std::size_t kFirstSize = 256;
        m_slots.assign(m_slots.empty() ? kFirstSize : m_slots.size() * 2, AddressId::kNoneValue);
        const std::size_t mask = m_slots.size() - 1;
        for (std::size_t i = 0; i < m_keys.size(); ++i) {
            std::size_t slot = hash(m_keys[i]) & mask;
            while (m_slots[slot] != AddressId::kNoneValue) slot = (slot + 1) & mask;
            m_slots[slot] = static_cast<std::uint32_t>(i);
        }
    }

    std::vector<AddressKey> m_keys;
    std::vector<std::uint32_t> m_slots;
};

}  // namespace alloclens
