// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/lane_layout.h"

#include <algorithm>
#include <numeric>

namespace alloclens {

LaneLayout LaneLayout::build(const Analysis& analysis, const Options& options) {
    LaneLayout layout;
    const Replay& replay = analysis.replay;
    const auto isShown = [](const std::vector<std::uint8_t>* flags, std::size_t i) {
        return flags == nullptr || (*flags)[i] != 0;
    };
    // Which memories each address needs a row in: those of its shown lifetimes, and one for marks without a lifetime.
    std::vector<std::uint8_t> needed(analysis.trace->addresses.size(), 0);
    const auto bit = [](Memory memory) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(memory)); };
    for (std::size_t i = 0; i < replay.lifetimes.size(); ++i) {
        const Lifetime lifetime = replay.lifetime(LifetimeId(i));
        if (isShown(options.lifetimesShown, i)) needed[lifetime.address.index()] |= bit(lifetime.memory);
    }
    for (std::size_t i = 0; i < analysis.findings.rows.size(); ++i) {
        const Finding& finding = analysis.findings.rows[i];
        if (!isRefusedFree(finding) || !isShown(options.findingsShown, i)) continue;
        std::uint8_t& memories = needed[finding.address.index()];
        const Memory memory = finding.lifetime.isValid() ? replay.lifetime(finding.lifetime).memory : Memory::Unknown;
        if (finding.lifetime.isValid() || memories == 0) memories |= bit(memory);
    }

    // Rows in the order device, memory, address: addresses are sorted by device already.
    layout.m_rowOfLifetime.assign(replay.lifetimes.size(), kNoRow);
    for (std::size_t begin = 0; begin < needed.size();) {
        std::size_t end = begin;
        const std::int32_t device = analysis.trace->addresses[begin].device;
        while (end < needed.size() && analysis.trace->addresses[end].device == device) ++end;
        for (int m = 0; m < kMemoryCount; ++m) {
            const auto memory = static_cast<Memory>(m);
            for (std::size_t address = begin; address < end; ++address) {
                if ((needed[address] & bit(memory)) == 0) continue;
                LayoutRow row;
                row.address = AddressId(address);
                row.memory = memory;
                row.firstLifetime = static_cast<std::uint32_t>(layout.m_lifetimes.size());
                const AddressSummary& summary = replay.addresses[address];
                for (std::uint32_t g = 0; g < summary.lifetimes; ++g) {
                    const LifetimeId id(summary.firstLifetime.value + g);
                    if (replay.lifetime(id).memory != memory || !isShown(options.lifetimesShown, id.index())) continue;
                    layout.m_rowOfLifetime[id.index()] = static_cast<std::uint32_t>(layout.m_rows.size());
                    layout.m_lifetimes.push_back(id);
                }
                row.lifetimes = static_cast<std::uint32_t>(layout.m_lifetimes.size()) - row.firstLifetime;
                layout.m_rows.push_back(row);
            }
        }
        begin = end;
    }
    layout.m_rowsByAddress.resize(layout.m_rows.size());
    std::iota(layout.m_rowsByAddress.begin(), layout.m_rowsByAddress.end(), 0U);
    std::stable_sort(
        layout.m_rowsByAddress.begin(), layout.m_rowsByAddress.end(),
        [&layout](std::uint32_t a, std::uint32_t b) { return layout.m_rows[a].address < layout.m_rows[b].address; });
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
        const auto low = static_cast<double>(analysis.key(m_rows[i].address).address);
        const auto high = static_cast<double>(analysis.key(m_rows[end - 1].address).address);
        for (std::uint32_t row = i; row < end; ++row) {
            double place = static_cast<double>(row - i);
            if (mode == DownMode::Linear && high > low) {
                place = (static_cast<double>(analysis.key(m_rows[row].address).address) - low) / (high - low)
                        * (rows - 1);
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

std::uint32_t LaneLayout::rowOf(AddressId address, Memory memory) const {
    const auto less = [this](std::uint32_t row, AddressId wanted) { return m_rows[row].address < wanted; };
    auto at = std::lower_bound(m_rowsByAddress.begin(), m_rowsByAddress.end(), address, less);
    std::uint32_t any = kNoRow;
    for (; at != m_rowsByAddress.end() && m_rows[*at].address == address; ++at) {
        if (m_rows[*at].memory == memory) return *at;
        any = *at;
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

AcrossExtent lifetimeExtent(const Trace& trace, AcrossMode mode, const Lifetime& lifetime) {
    const double from = acrossOf(trace, mode, lifetime.first);
    const double to = lifetime.last.isValid() ? acrossOf(trace, mode, lifetime.last) : acrossExtent(trace, mode).to;
    return {from, std::max(from, to)};
}

LifetimeId lifetimeAt(const Analysis& analysis, const LaneLayout& layout, AcrossMode mode, double across, double down,
                      double tolerance) {
    const auto [first, last] = layout.rowsBetween(down, down + 1e-9);
    LifetimeId best;
    double bestDistance = tolerance;
    for (std::size_t i = first; i < last; ++i) {
        const auto lifetimes = layout.lifetimesOf(layout.rows()[i]);
        // The last that begins at or before the place, and its two neighbours.
        const auto begins = [&](LifetimeId id) {
            return acrossOf(*analysis.trace, mode, analysis.replay.lifetime(id).first);
        };
        const auto behind = std::partition_point(lifetimes.begin(), lifetimes.end(),
                                                 [&](LifetimeId id) { return begins(id) <= across; });
        for (auto at = behind == lifetimes.begin() ? behind : behind - 1; at != lifetimes.end() && at <= behind; ++at) {
            const AcrossExtent extent = lifetimeExtent(*analysis.trace, mode, analysis.replay.lifetime(*at));
            const double distance = std::max({0.0, extent.from - across, across - extent.to});
            if (distance <= bestDistance) {
                best = *at;
                bestDistance = distance;
            }
            if (at == behind) break;
        }
    }
    return best;
}

}  // namespace alloclens
