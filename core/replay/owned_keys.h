// SPDX-License-Identifier: GPL-3.0-or-later
//
// The keys that became live in each process's hands, in order, so that a sweep costs what it removes and little more.
// A key that is released, or gets another owner, stays in its list until such are the half: an entry counts while the
// key's own state names it, which whoever keeps the states answers (`States`). Belongs to one walk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/id.h"

namespace alloclens {

/// So many keys ahead what is known of them is fetched.
inline constexpr std::size_t kKeysAhead = 24;

/// `States` has isOwned(key, list, entry), whether the key is live and that is its entry; setEntry(key, entry); and
/// fetch(key), which brings what is known of the key into the processor's cache.
class OwnedKeys {
public:
    explicit OwnedKeys(std::size_t lists) : m_lists(lists) {}

    /// Gives the key's entry in the list.
    template <typename States>
    [[nodiscard]] std::uint32_t add(AddressId key, std::size_t list, States& states) {
        List& owned = m_lists[list];
        if (!std::exchange(owned.isListed, true)) m_used.push_back(static_cast<std::uint32_t>(list));
        constexpr std::size_t kFewest = 64;
        if (owned.keys.size() >= 2 * owned.live + kFewest) compact(list, states);
        owned.keys.push_back(key);
        ++owned.live;
        return static_cast<std::uint32_t>(owned.keys.size() - 1);
    }
    /// A key of the list is not its owner's any more.
    void remove(std::size_t list) { --m_lists[list].live; }

    /// Empties a list; `take` gets each key that is still in it.
    template <typename States, typename Take>
    void take(std::size_t list, States& states, const Take& take) {
        const std::vector<AddressId> keys = std::exchange(m_lists[list].keys, {});
        for (std::uint32_t entry = 0; entry < keys.size(); ++entry) {
            if (entry + kKeysAhead < keys.size()) states.fetch(keys[entry + kKeysAhead]);
            if (states.isOwned(keys[entry], list, entry)) take(keys[entry]);
        }
    }
    /// Empties all lists. Most of the processes have no keys: those that have are listed, each once.
    template <typename States, typename Take>
    void takeAll(States& states, const Take& takeKey) {
        for (const std::uint32_t list : std::exchange(m_used, {})) {
            m_lists[list].isListed = false;
            take(list, states, takeKey);
        }
    }

private:
    struct List {
        std::vector<AddressId> keys;
        std::uint64_t live = 0;
        bool isListed = false;  ///< in m_used
    };

    /// Drops the entries of keys that are no longer live, or no longer this owner's.
    template <typename States>
    void compact(std::size_t list, States& states) {
        auto& keys = m_lists[list].keys;
        std::uint32_t kept = 0;
        for (std::uint32_t entry = 0; entry < keys.size(); ++entry) {
            if (entry + kKeysAhead < keys.size()) states.fetch(keys[entry + kKeysAhead]);
            if (!states.isOwned(keys[entry], list, entry)) continue;
            states.setEntry(keys[entry], kept);
            keys[kept++] = keys[entry];
        }
        keys.resize(kept);
    }

    std::vector<List> m_lists;
    std::vector<std::uint32_t> m_used;  ///< lists that have had keys since the last takeAll()
};

}  // namespace alloclens
