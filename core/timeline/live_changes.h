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
#include <vector>

#include "core/analysis/analysis.h"
#include "core/base/row_flags.h"
#include "core/base/task.h"

namespace alloclens {

class LiveChanges {
public:
    using Flags = std::shared_ptr<const RowFlags>;

    LiveChanges() = default;
    /// `lifetimesShown` by LifetimeId; null: all. Of no use where the task was cancelled.
    LiveChanges(std::shared_ptr<const Analysis> analysis, Flags lifetimesShown, const TaskContext& task);

    [[nodiscard]] std::size_t events() const { return m_analysis ? m_analysis->replay.letters.size() : 0; }
    /// No sum of changes goes farther from 0 than this, or than 2^63 if that is less.
    [[nodiscard]] std::uint64_t farthest() const;

    /// Calls `visit(event, change)` for the events of [from, to) in order, the change modulo 2^64.
    template <typename Visit>
    void forEach(std::size_t from, std::size_t to, const Visit& visit) const {
        auto other = std::lower_bound(m_otherEvents.begin(), m_otherEvents.end(), static_cast<std::uint32_t>(from));
        for (std::size_t event = from; event < to; ++event) {
            std::uint64_t change = ownChange(event);
            if (other != m_otherEvents.end() && *other == event) {
                change += m_otherBytes[static_cast<std::size_t>(other - m_otherEvents.begin())];
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
    [[nodiscard]] std::uint64_t ownChange(std::size_t event) const {
        const Replay& replay = m_analysis->replay;
        const Letter letter = replay.letters[event];
        if (letter != Letter::First && letter != Letter::Final) return 0;
        const LifetimeId id = replay.lifetimeOf[event];
        const std::uint64_t size = replay.sizeOf(id);
        if (size == kNoSize || !isShown(id)) return 0;
        if (letter == Letter::Final) return 0 - size;
        return isResized(id) ? printedSize(event) : size;
    }
    template <typename Add>
    void addOthers(LifetimeId id, const Add& add) const;
    template <typename Add>
    void addResizes(LifetimeId id, const Add& add) const;
    void findOthers(const TaskContext& task);

    std::shared_ptr<const Analysis> m_analysis;
    Flags m_shown;
    bool m_hasResizes = false;
    std::vector<std::uint32_t> m_otherEvents;  ///< sorted
    std::vector<std::uint64_t> m_otherBytes;  ///< by how much they change what is live beside what they tell themselves
};

}  // namespace alloclens
