// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many bytes are live behind each event, over the shown lifetimes, with a pyramid of maxima above it, so that the
// true peak of any stretch is found in logarithmic time and no burst falls between two pixels. The sums are made when
// they are first asked for, or before that by prepare(); copies share them. Any threads may ask at once.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/task.h"
#include "core/timeline/axis.h"
#include "core/timeline/lane_layout.h"

namespace alloclens {

class LiveBytes {
public:
    using Flags = std::shared_ptr<const std::vector<std::uint8_t>>;

    LiveBytes() = default;
    /// `lifetimesShown` by LifetimeId; null: all.
    LiveBytes(std::shared_ptr<const Analysis> analysis, Flags lifetimesShown);

    /// Makes the sums now. What is cancelled is made when it is asked for.
    void prepare(const TaskContext& task) const;
    /// Whether asking costs no more than a look.
    [[nodiscard]] bool isPrepared() const;

    /// The most bytes live behind any of the events [from, to); 0 for an empty stretch.
    [[nodiscard]] std::uint64_t peakBetween(std::size_t from, std::size_t to) const;
    [[nodiscard]] std::uint64_t behind(EventId event) const { return levels().front()[event.index()]; }
    [[nodiscard]] std::uint64_t peak() const { return levels().empty() ? 0 : levels().back().front(); }
    /// The peak of each pixel column of a visible range; an empty column carries the value before it on.
    [[nodiscard]] std::vector<std::uint64_t> columns(const Trace& trace, AcrossMode mode, const PixelMap& map) const;

private:
    using Levels = std::vector<std::vector<std::uint64_t>>;  ///< 0 by EventId; each above holds maxima of kFan below
    struct Sums;
    static constexpr std::size_t kFan = 16;

    [[nodiscard]] const Levels& levels() const;

    std::shared_ptr<Sums> m_sums;
};

}  // namespace alloclens
