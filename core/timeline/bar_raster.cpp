// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/bar_raster.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace alloclens {
namespace {

/// The events between which a bar in sight ends and begins.
struct EventRange {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
};

EventRange eventsOf(const PictureSource& source, const PixelMap& map) {
    const Trace& trace = *source.analysis->trace;
    return {static_cast<std::uint32_t>(firstEventFrom(trace, source.mode, map.range.left)),
            static_cast<std::uint32_t>(firstEventFrom(trace, source.mode, map.range.right))};
}

class BarRaster {
public:
    BarRaster(const PictureSource& source, const PixelMap& map)
        : m_source(source), m_map(map), m_wide(static_cast<std::size_t>(map.width) + 2), m_xScale(map.xScale()) {
        m_picture.width = map.width;
        m_picture.height = map.height;
        const auto pixels = static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height);
        m_picture.classes.assign(pixels, 0);
        m_picture.density.assign(pixels, 0);
        chooseUnit();
        LayoutRow row;
        row.bottom = 1;
        const ViewRange fromTop{0, 1, 0, map.range.bottom - map.range.top};
        const BarRows lines = barLines(row, {fromTop, map.width, map.height, map.ratio});
        m_shortest = std::max(1, lines.to - lines.from - 1);
        m_above = lines.to + 2;
        const auto [firstRow, endRow] = source.layout->rowsBetween(map.range.top, map.range.bottom);
        m_firstRow = firstRow;
        m_sheetOfRow.assign(endRow - firstRow, kNotYet);
        m_density.assign(static_cast<std::size_t>(map.width), 0);
        const std::size_t most = std::min(endRow - firstRow, static_cast<std::size_t>(map.height + m_above));
        m_classes.reserve(most * m_wide);
        m_cover.reserve(most * m_wide);
        m_sheetOf.assign(static_cast<std::size_t>(map.height + m_above) * kHeights, kNoSheet);
    }

    [[nodiscard]] Result<Picture> draw(const TaskContext& task) {
        const auto [from, to] = eventsOf(m_source, m_map);
        for (const std::uint32_t stripe : visibleStripes(m_source, m_map)) {
            if (task.isCancelled()) return TaskContext::cancelled();
            m_source.bars->forEachTouching(m_source.bars->stripes()[stripe], from, to,
                                           [this](std::uint32_t bar) { drawBar(bar); });
        }
        for (std::size_t sheet = 0; sheet < m_linesOf.size(); ++sheet) copyToLines(sheet);
        return std::move(m_picture);
    }

private:
    static constexpr std::uint32_t kNoSheet = 0xFFFFFFFF;
    static constexpr std::uint32_t kNotYet = 0xFFFFFFFE;
    static constexpr int kHeights = 4;  // rows are alike but for rounding

    // Rows on top of each other must not overflow the sums.
    void chooseUnit() {
        constexpr unsigned kMostBits = 30;
        constexpr unsigned kBits = 20;
        const double share = std::min(1.0, m_map.yScale());
        const auto [first, last] = m_source.layout->rowsBetween(m_map.range.top, m_map.range.bottom);
        const auto most = static_cast<std::uint64_t>(static_cast<double>(last - first) * share) + 1;
        m_fullBits = std::min(kBits, kMostBits - std::min(kMostBits, static_cast<unsigned>(std::bit_width(most))));
        m_unit = std::max(1, static_cast<std::int32_t>(share * static_cast<double>(1U << m_fullBits)));
    }

    void drawBar(std::uint32_t bar) {
        const std::uint8_t wanted = (*m_source.classes)[bar];
        if (wanted == 0) return;
        const std::size_t row = m_source.layout->rowOf(m_source.bars->slot(bar)) - m_firstRow;
        if (row >= m_sheetOfRow.size()) return;
        std::uint32_t& number = m_sheetOfRow[row];
        if (number == kNotYet) number = sheetOfRow(m_source.layout->rows()[row + m_firstRow]);
        if (number == kNoSheet) return;
        const AcrossExtent extent = barExtent(m_source, bar);
        const double x = (extent.from - m_map.range.left) * m_xScale;
        const double behind = (extent.to - m_map.range.left) * m_xScale;
        // The pixel in which it begins and all before the one in which it ends.
        const double begin = std::floor(x);
        const double end = std::max(begin + 1, std::floor(behind));
        if (std::max(end, behind) <= 0 || begin >= m_map.width) return;
        const auto wide = static_cast<double>(m_map.width);
        const auto from = static_cast<std::size_t>(std::max(0.0, begin));
        const auto to = static_cast<std::size_t>(std::clamp(end, 0.0, wide));
        const std::size_t sheet = number * m_wide;
        std::uint8_t* classes = m_classes.data() + sheet;
        for (std::size_t i = from; i < to; ++i) classes[i] = std::max(classes[i], wanted);
        addCover(m_cover.data() + sheet, std::max(0.0, x), std::clamp(behind, 0.0, wide), m_unit);
    }

    /// Asked once a row, as most rows have many bars.
    std::uint32_t sheetOfRow(const LayoutRow& row) {
        if (row.bottom <= m_map.range.top || row.top >= m_map.range.bottom) return kNoSheet;
        const BarRows lines = barLines(row, m_map);
        return lines.to <= 0 || lines.from >= m_map.height ? kNoSheet : sheetOf(lines);
    }

    std::uint32_t sheetOf(BarRows lines) {
        const int height = std::clamp(lines.to - lines.from - m_shortest, 0, kHeights - 1);
        std::uint32_t& sheet = m_sheetOf[static_cast<std::size_t>((lines.from + m_above) * kHeights + height)];
        if (sheet == kNoSheet) {
            sheet = static_cast<std::uint32_t>(m_linesOf.size());
            m_linesOf.push_back(lines);
            m_classes.resize(m_linesOf.size() * m_wide, 0);
            m_cover.resize(m_linesOf.size() * m_wide, 0);
        }
        return sheet;
    }

    void copyToLines(std::size_t sheet) {
        const auto width = static_cast<std::size_t>(m_map.width);
        const std::uint8_t* classes = m_classes.data() + sheet * m_wide;
        const std::int32_t* cover = m_cover.data() + sheet * m_wide;
        constexpr unsigned kDensityBits = 8;
        const unsigned down = m_fullBits > kDensityBits ? m_fullBits - kDensityBits : 0;
        const unsigned up = m_fullBits < kDensityBits ? kDensityBits - m_fullBits : 0;
        std::int32_t sum = 0;
        for (std::size_t x = 0; x < width; ++x) {
            sum += cover[x];
            const auto lit = static_cast<std::uint8_t>(0U - static_cast<unsigned>(classes[x] != 0));
            m_density[x] = static_cast<std::uint8_t>(std::clamp(std::min(sum >> down, 255) << up, 1, 255)) & lit;
        }
        const BarRows lines = m_linesOf[sheet];
        for (int y = std::max(0, lines.from); y < std::min(m_map.height, lines.to); ++y) {
            std::uint8_t* toClasses = m_picture.classes.data() + static_cast<std::size_t>(y) * width;
            std::uint8_t* toDensity = m_picture.density.data() + static_cast<std::size_t>(y) * width;
            for (std::size_t x = 0; x < width; ++x) toClasses[x] = std::max(toClasses[x], classes[x]);
            // What is left to 255 is added at most; in bytes, of which the processor takes sixteen at once.
            for (std::size_t x = 0; x < width; ++x) {
                const auto room = static_cast<std::uint8_t>(~toDensity[x]);
                toDensity[x] = static_cast<std::uint8_t>(toDensity[x] + std::min(room, m_density[x]));
            }
        }
    }

    const PictureSource& m_source;
    const PixelMap& m_map;
    std::size_t m_wide;          ///< entries of a sheet
    double m_xScale;             ///< the map's, which is a division
    int m_shortest = 1;          ///< the fewest lines of a row
    int m_above = 0;             ///< the most lines above the picture at which a visible row begins
    unsigned m_fullBits = 0;     ///< a pixel's cover is 2^this where its whole area is covered
    std::int32_t m_unit = 1;     ///< and this where one row covers its width
    std::size_t m_firstRow = 0;  ///< in sight
    std::vector<std::uint32_t> m_sheetOfRow;
    std::vector<std::uint32_t> m_sheetOf;  ///< by first line and height
    std::vector<BarRows> m_linesOf;        ///< by sheet
    std::vector<std::uint8_t> m_classes;   ///< by sheet, then across
    std::vector<std::int32_t> m_cover;     ///< differences
    std::vector<std::uint8_t> m_density;   ///< of one sheet
    Picture m_picture;
};

}  // namespace

BarRows barLines(const LayoutRow& row, const PixelMap& map) {
    const double gapFrom = 4 * map.ratio;      // rows at least so tall are set apart
    const double tallestBar = 26 * map.ratio;  // a single row does not fill the window
    double top = map.y(row.top);
    double bottom = map.y(row.bottom);
    const double tall = bottom - top;
    if (tall > tallestBar) {
        const double middle = (top + bottom) / 2;
        top = middle - tallestBar / 2;
        bottom = middle + tallestBar / 2;
    } else if (tall >= gapFrom) {
        const double gap = std::max(map.ratio, tall / 5);
        top += gap / 2;
        bottom -= gap / 2;
    }
    const int from = static_cast<int>(std::floor(top));
    return {from, std::max(from + 1, static_cast<int>(std::floor(bottom)))};
}

std::vector<std::uint32_t> visibleStripes(const PictureSource& source, const PixelMap& map) {
    std::vector<std::uint32_t> stripes;
    const auto& rows = source.layout->rows();
    for (std::uint32_t stripe = 0; stripe < source.bars->stripes().size(); ++stripe) {
        const auto [first, end] = source.layout->rowsOfStripe(stripe);
        if (first == end || rows[first].top >= map.range.bottom || rows[end - 1].bottom <= map.range.top) continue;
        stripes.push_back(stripe);
    }
    return stripes;
}

std::size_t mostVisibleBars(const PictureSource& source, const PixelMap& map) {
    const auto [from, to] = eventsOf(source, map);
    std::size_t most = 0;
    for (const std::uint32_t number : visibleStripes(source, map)) {
        const Bars::Stripe& stripe = source.bars->stripes()[number];
        const auto begin = source.bars->firstStartingFrom(stripe, from);
        const auto end = source.bars->firstStartingFrom(stripe, to);
        // Those that began before are one a slot at most, for the lifetimes of an address follow each other.
        most += end - begin + std::min(begin - stripe.firstBar, stripe.endSlot - stripe.firstSlot);
    }
    return most;
}

Result<Picture> drawBars(const PictureSource& source, const PixelMap& map, const TaskContext& task) {
    return BarRaster(source, map).draw(task);
}

Picture drawBars(const PictureSource& source, const PixelMap& map) {
    auto picture = drawBars(source, map, TaskContext());
    return std::move(*picture);
}

}  // namespace alloclens
