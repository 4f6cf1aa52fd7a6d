// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server's table of live buffers as it would be under a guard: the rules of core/tracker, kept by AddressId, so
// that several tables can follow one trace at the cost of an array each. The entries of an owner are chained, so a
// sweep costs what it removes.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/id.h"
#include "core/trace/trace.h"

namespace alloclens {

class GuardedTable {
public:
    struct Entry {
        std::uint32_t depth = 0;       ///< 0 where the key is not live
        std::uint32_t sizeNumber = 0;  ///< of the trace's SizeColumn
        std::uint32_t owner = 0;
        std::uint32_t previous = kNone;  ///< keys of the same owner
        std::uint32_t next = kNone;
    };

    /// Owners are numbered below `owners`.
    GuardedTable(std::size_t keys, std::size_t owners, TrackerRules rules);

    [[nodiscard]] const Entry& entry(AddressId key) const { return m_entries[key.index()]; }
    /// Whether the key was live.
    bool allocate(AddressId key, std::uint32_t owner, std::uint32_t sizeNumber);
    /// Whether the key was live, so that the free was accepted.
    bool release(AddressId key);
    /// Makes the key's entry what the source shows it to be; depth 0 removes it.
    void put(AddressId key, std::uint32_t depth, std::uint32_t owner, std::uint32_t sizeNumber);

    /// Removes the owner's entries; `take` gets each key with its entry.
    template <typename Take>
    void sweep(std::uint32_t owner, const Take& take) {
        std::uint32_t at = std::exchange(m_first[owner], kNone);
        while (at != kNone) {
            const Entry removed = std::exchange(m_entries[at], Entry{});
            take(AddressId(at), removed);
            at = removed.next;
        }
    }
    /// Removes all entries. Owners that own nothing cost nothing.
    template <typename Take>
    void clear(const Take& take) {
        for (const std::uint32_t owner : std::exchange(m_owners, {})) {
            m_isListed[owner] = false;
            sweep(owner, take);
        }
    }

private:
    static constexpr std::uint32_t kNone = AddressId::kNoneValue;

    void chain(AddressId key, std::uint32_t owner);
    void unchain(AddressId key);

    TrackerRules m_rules;
    std::vector<Entry> m_entries;         ///< by AddressId
    std::vector<std::uint32_t> m_first;   ///< by owner: the first key of its chain
    std::vector<std::uint32_t> m_owners;  ///< who owned something since the last clear
    std::vector<bool> m_isListed;         ///< by owner: it is one of m_owners
};

}  // namespace alloclens
