// SPDX-License-Identifier: GPL-3.0-or-later
//
// By how many bytes each event changes what is live, over the shown lifetimes. Most events tell it themselves: an
// allocation begins its lifetime, a final free ends it, and the size is the lifetime's. What else begins, ends or
// resizes a lifetime (sweeps, restarts, lines that are missing, re-allocations) stands in a list by event, so that
// nothing is kept of the others. Made on all cores, linear in the lifetimes; immutable afterwards.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/base/row_flags.h"
#include "core/base/task.h"

namespace alloclens {

/// Exact for any number of sizes, which may be up to 2^64 - 1 each.
__extension__ using WideChange = __int128;

class LiveChanges {
public:
    using Flags = std::shared_ptr<const RowFlags>;

    LiveChanges() = default;
    /// `lifetimesShown` by LifetimeId; null: all. Of no use where the task was cancelled.
    LiveChanges(std::shared_ptr<const Analysis> analysis, Flags lifetimesShown, const TaskContext& task);

    [[nodiscard]] std::size_t events() const { return m_analysis ? m_analysis->replay.letters.size() : 0; }
    /// Sums of changes may go farther from 0 than 2^63, so that only wide changes can be summed up.
    [[nodiscard]] bool isWide() const { return m_isWide; }

    /// Calls `visit(event, change)` for the events of [from, to) in order. The change is modulo 2^64, or a WideChange
    /// where all are wide.
    template <typename Change = std::uint64_t, typename Visit>
    void forEach(std::size_t from, std::size_t to, const Visit& visit) const {
        auto other = std::lower_bound(m_otherEvents.begin(), m_otherEvents.end(), static_cast<std::uint32_t>(from));
        for (std::size_t event = from; event < to; ++event) {
            Change change = ownChange<Change>(event);
            if (other != m_otherEvents.end() && *other == event) {
                change += others<Change>()[static_cast<std::size_t>(other - m_otherEvents.begin())];
                ++other;
            }
            visit(event, change);
        }
    }

private:
    [[nodiscard]] bool isShown(LifetimeId id) const { return !m_shown || (*m_shown)[id.index()]; }
    /// Whether re-allocations may have changed its size.
    [[nodiscard]] bool isResized(LifetimeId id) const {
        const LifetimeTable& table = m_analysis->replay.lifetimes;
        return m_hasResizes && table.row(id.index()).peakDepth() > 1 && !table.row(id.index()).beginLost();
    }
    [[nodiscard]] std::uint64_t printedSize(std::size_t event) const {
        const std::uint64_t size = m_analysis->trace->events.size[event];
        return size == kNoSize ? 0 : size;
    }
    template <typename Change>
    [[nodiscard]] Change ownChange(std::size_t event) const {
        const Replay& replay = m_analysis->replay;
        const Letter letter = replay.letters[event];
        if (letter != Letter::First && letter != Letter::Final) return 0;
        const LifetimeId id = replay.lifetimeOf[event];
        const std::uint64_t size = replay.sizeOf(id);
        if (size == kNoSize || !isShown(id)) return 0;
        if (letter == Letter::Final) return Change{0} - size;
        return isResized(id) ? printedSize(event) : size;
    }
    template <typename Change>
    [[nodiscard]] const std::vector<Change>& others() const {
        if constexpr (std::is_same_v<Change, WideChange>)
            return m_otherWide;
        else
            return m_otherBytes;
    }
    [[nodiscard]] bool mayBeWide() const;
    template <typename Change, typename Add>
    void addOthers(LifetimeId id, const Add& add) const;
    template <typename Change, typename Add>
    void addResizes(LifetimeId id, const Add& add) const;
    void findOthers(const TaskContext& task);

    std::shared_ptr<const Analysis> m_analysis;
    Flags m_shown;
    bool m_hasResizes = false;
    bool m_isWide = false;
    std::vector<std::uint32_t> m_otherEvents;  ///< sorted
    std::vector<WideChange> m_otherWide;       ///< the same where changes are wide, and m_otherBytes is empty
    std::vector<std::uint64_t> m_otherBytes;  ///< by how much they change what is live beside what they tell themselves
};

}  // namespace alloclens
