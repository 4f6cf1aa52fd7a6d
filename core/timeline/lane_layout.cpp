// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/lane_layout.h"

#include <algorithm>

namespace alloclens {

// The slots of shown lifetimes, and one for marks without a lifetime.
std::vector<std::uint8_t> LaneLayout::slotsNeeded(const Analysis& analysis, const Bars& bars, const Options& options) {
    std::vector<std::uint8_t> needed;
    if (options.slotsShown != nullptr) {
        needed = *options.slotsShown;
    } else {
        needed.reserve(bars.allSlots().size());
        for (const Bars::Slot& slot : bars.allSlots()) needed.push_back(slot.lifetimes > 0 ? 1 : 0);
    }
    const auto& findings = analysis.findings.rows;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        const Finding& finding = findings[i];
        if (!isRefusedFree(finding)) continue;
        if (options.findingsShown != nullptr && !(*options.findingsShown)[i]) continue;
        const auto slots = bars.slotsOf(finding.address);
        const bool hasRow = std::any_of(slots.begin(), slots.end(), [&](auto slot) { return needed[slot] != 0; });
        if (finding.lifetime.isValid()) {
            needed[bars.slotOf(finding.address, finding.memory)] = 1;
        } else if (!hasRow) {
            needed[bars.slotOf(finding.address, Memory::Unknown)] = 1;
        }
    }
    return needed;
}

LaneLayout LaneLayout::build(const Analysis& analysis, const Bars& bars, const Options& options) {
    LaneLayout layout;
    const std::vector<std::uint8_t> needed = slotsNeeded(analysis, bars, options);
    layout.m_rowOfSlot.assign(needed.size(), kNoRow);
    for (const Bars::Stripe& stripe : bars.stripes()) {
        const auto first = static_cast<std::uint32_t>(layout.m_rows.size());
        for (std::uint32_t slot = stripe.firstSlot; slot < stripe.endSlot; ++slot) {
            if (needed[slot] == 0) continue;
            layout.m_rowOfSlot[slot] = static_cast<std::uint32_t>(layout.m_rows.size());
            layout.m_rows.push_back({bars.allSlots()[slot].address, bars.allSlots()[slot].memory, 0, 0});
        }
        layout.m_rowsOfStripe.emplace_back(first, static_cast<std::uint32_t>(layout.m_rows.size()));
    }
    layout.place(analysis, options.mode);
    return layout;
}

void LaneLayout::place(const Analysis& analysis, DownMode mode) {
    // Gaps in proportion to the whole, so that lanes stay apart at full extent.
    constexpr double kLaneGap = 0.01;
    constexpr double kSubLaneGap = 0.002;
    constexpr double kSmallestGap = 0.25;
    const auto count = static_cast<double>(m_rows.size());
    const double laneGap = std::max(kSmallestGap, count * kLaneGap);
    const double subLaneGap = std::max(kSmallestGap / 2, count * kSubLaneGap);

    double at = laneGap / 2;
    for (std::uint32_t i = 0; i < m_rows.size();) {
        const std::int32_t device = analysis.key(m_rows[i].address).device;
        const Memory memory = m_rows[i].memory;
        std::uint32_t end = i;
        while (end < m_rows.size() && m_rows[end].memory == memory
               && analysis.key(m_rows[end].address).device == device) {
            ++end;
        }
        if (m_lanes.empty() || m_lanes.back().device != device) {
            if (!m_lanes.empty()) at += laneGap;
            m_lanes.push_back({device, at, at, {}});
        } else {
            at += subLaneGap;
        }
        SubLane subLane{memory, at, at, i, end - i};
        const auto rows = static_cast<double>(end - i);
        const std::uint64_t low = analysis.key(m_rows[i].address).address;
        const std::uint64_t reach = analysis.key(m_rows[end - 1].address).address - low;
        for (std::uint32_t row = i; row < end; ++row) {
            double place = static_cast<double>(row - i);
            if (mode == DownMode::Linear && reach > 0) {
                const std::uint64_t above = analysis.key(m_rows[row].address).address - low;
                place = static_cast<double>(above) / static_cast<double>(reach) * (rows - 1);
            }
            m_rows[row].top = at + place;
            m_rows[row].bottom = at + place + 1;
        }
        at += rows;
        subLane.bottom = at;
        m_lanes.back().bottom = at;
        m_lanes.back().subLanes.push_back(subLane);
        i = end;
    }
    m_height = std::max(1.0, at + laneGap);
}

std::uint32_t LaneLayout::rowOf(const Bars& bars, AddressId address, Memory memory) const {
    const std::uint32_t slot = bars.slotOf(address, memory);
    if (slot != Bars::kNoSlot && rowOf(slot) != kNoRow) return rowOf(slot);
    std::uint32_t any = kNoRow;
    for (const std::uint32_t other : bars.slotsOf(address)) {
        if (rowOf(other) != kNoRow) any = rowOf(other);
    }
    return any;
}

std::pair<std::size_t, std::size_t> LaneLayout::rowsBetween(double top, double bottom) const {
    const auto first = std::partition_point(m_rows.begin(), m_rows.end(),
                                            [top](const LayoutRow& row) { return row.bottom <= top; });
    const auto last = std::partition_point(first, m_rows.end(),
                                           [bottom](const LayoutRow& row) { return row.top < bottom; });
    return {static_cast<std::size_t>(first - m_rows.begin()), static_cast<std::size_t>(last - m_rows.begin())};
}

AcrossExtent lifetimeExtent(const Trace& trace, AcrossMode mode, EventId first, EventId last) {
    const double from = acrossOf(trace, mode, first);
    const double to = last.isValid() ? acrossOf(trace, mode, last) : acrossExtent(trace, mode).to;
    return {from, std::max(from, to)};
}

}  // namespace alloclens
