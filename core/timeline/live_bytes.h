// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many bytes are live behind each event, over the shown lifetimes, with a pyramid of maxima above it, so that the
// true peak of any stretch is found in logarithmic time and no burst falls between two pixels.
#pragma once

#include <cstdint>
#include <vector>

#include "core/timeline/axis.h"
#include "core/timeline/lane_layout.h"

namespace alloclens {

class LiveBytes {
public:
    /// `lifetimesShown` by LifetimeId; null: all.
    [[nodiscard]] static LiveBytes build(const Analysis& analysis, const std::vector<std::uint8_t>* lifetimesShown);

    /// The most bytes live behind any of the events [from, to); 0 for an empty stretch.
    [[nodiscard]] std::uint64_t peakBetween(std::size_t from, std::size_t to) const;
    [[nodiscard]] std::uint64_t behind(EventId event) const { return m_levels.front()[event.index()]; }
    [[nodiscard]] std::uint64_t peak() const { return m_levels.empty() ? 0 : m_levels.back().front(); }
    /// The peak of each pixel column of a visible range; an empty column carries the value before it on.
    [[nodiscard]] std::vector<std::uint64_t> columns(const Trace& trace, AcrossMode mode, const PixelMap& map) const;

private:
    static constexpr std::size_t kFan = 16;
    std::vector<std::vector<std::uint64_t>> m_levels;  ///< level 0 by EventId; each above holds maxima of kFan below
};

}  // namespace alloclens
