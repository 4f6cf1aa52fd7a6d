// SPDX-License-Identifier: GPL-3.0-or-later
//
// The marks of refused frees, from a table of their own and drawn over the bars, so that no zoom can lose one. Where
// they crowd, the marks of one cell of pixels share a glyph that says how many they are.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/row_flags.h"
#include "core/timeline/picture.h"

namespace alloclens {

/// A refused free on the timeline: at its event, on the row of the lifetime that had ended.
struct Mark {
    FindingId finding;
    Blame blame = Blame::Undetermined;  ///< by its verdict
    double across = 0;
    double tiedTo = 0;  ///< where that lifetime ended; equal to across if there is none
    double down = 0;    ///< the middle of the row
};
/// All marks of the layout's shown findings, ordered across.
[[nodiscard]] std::vector<Mark> findMarks(const PictureSource& source, const RowFlags* findingsShown);

/// The mark of a finding; null if it is hidden or none.
[[nodiscard]] const Mark* markOf(const std::vector<Mark>& marks, FindingId finding);

/// Marks that fall into one cell of pixels, drawn as one glyph with their number.
struct MarkBin {
    double x = 0;
    double y = 0;
    std::uint32_t count = 0;
    std::size_t firstMark = 0;      ///< the first of them in the list of marks
    Blame blame = Blame::Tracking;  ///< the gravest of any of them
};
/// The visible marks in cells of `cellPixels`; every visible mark is in exactly one bin.
[[nodiscard]] std::vector<MarkBin> binMarks(const std::vector<Mark>& marks, const PixelMap& map, int cellPixels);

/// The same bins as fast where there are a million marks: they are put together ahead of time in buckets of the whole
/// extent, and buckets side by side that lie in sight as a whole and are small in the picture are taken as one.
class MarkIndex {
public:
    MarkIndex() = default;
    /// `height` is the layout's.
    MarkIndex(const std::vector<Mark>& marks, AcrossExtent extent, double height);
    /// Every visible mark is in exactly one bin, which is that of its cell or, for part of a bucket, of one beside it.
    [[nodiscard]] std::vector<MarkBin> bins(const std::vector<Mark>& marks, const PixelMap& map, int cellPixels) const;
    /// The marks in a part of the timeline, by their places in the list, in order; where there are more than `most`,
    /// any so many and one.
    [[nodiscard]] std::vector<std::uint32_t> inSight(const std::vector<Mark>& marks, const ViewRange& range,
                                                     std::size_t most) const;

private:
    static constexpr std::size_t kFew = 50'000;  // so many are binned one by one
    static constexpr std::size_t kColumns = 2048;
    static constexpr std::size_t kLines = 256;

    [[nodiscard]] std::size_t columnOf(double across) const;
    [[nodiscard]] std::size_t lineOf(double down) const;
    [[nodiscard]] Blame gravest(std::size_t firstBucket, std::size_t endBucket) const;

    double m_from = 0;
    double m_columnScale = 0;
    double m_lineScale = 0;
    std::vector<std::uint32_t>
        m_begins;  ///< by line, then column: where the bucket begins in m_order; empty: few marks
    struct Place {
        double across = 0;
        double down = 0;
    };
    /// By bucket, as m_begins: how many marks that are undetermined, and bugs, lie in the buckets before.
    std::array<std::vector<std::uint32_t>, 2> m_graverBefore;
    std::vector<Place> m_places;  ///< by bucket; the marks' table has much else in it, and reading it would cost more
    std::vector<std::uint32_t> m_order;
};

}  // namespace alloclens
