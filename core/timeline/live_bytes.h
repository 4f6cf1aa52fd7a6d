// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many bytes are live behind each event, over the shown lifetimes. Kept are, for each block of events, the value
// behind the last and the highest in it, with a pyramid of maxima above; inside a block the events are summed up when
// it is asked for. So the true peak of any stretch is found in logarithmic time, no burst falls between two pixels, and
// an event takes a quarter of a byte. The sums are made when they are first asked for, or before that by prepare();
// copies share them. Any threads may ask at once. A value that 64 bits do not hold is kSaturated
// (core/base/saturating.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/task.h"
#include "core/timeline/axis.h"
#include "core/timeline/live_changes.h"

namespace alloclens {

class LiveBytes {
public:
    using Flags = LiveChanges::Flags;
    static constexpr std::size_t kBlock = 64;  ///< events

    LiveBytes() = default;
    /// `lifetimesShown` by LifetimeId; null: all.
    LiveBytes(std::shared_ptr<const Analysis> analysis, Flags lifetimesShown);

    /// Makes the sums now, on all cores. What is cancelled is made when it is asked for.
    void prepare(const TaskContext& task) const;
    /// Whether asking costs no more than a look.
    [[nodiscard]] bool isPrepared() const;

    /// The most bytes live behind any of the events [from, to); 0 for an empty stretch.
    [[nodiscard]] std::uint64_t peakBetween(std::size_t from, std::size_t to) const;
    [[nodiscard]] std::uint64_t behind(EventId event) const;
    [[nodiscard]] std::uint64_t peak() const;
    /// The peak of each pixel column of a visible range; an empty column carries the value before it on.
    [[nodiscard]] std::vector<std::uint64_t> columns(const Trace& trace, AcrossMode mode, const PixelMap& map) const;

private:
    struct Sums;

    [[nodiscard]] const Sums& sums() const;

    std::shared_ptr<Sums> m_sums;
};

/// A value of the curve as text.
[[nodiscard]] std::string liveBytesText(std::uint64_t bytes);

}  // namespace alloclens
