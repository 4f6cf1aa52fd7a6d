// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/grids.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/parallel.h"
#include "core/timeline/bar_raster.h"
#include "core/timeline/grid_painter.h"

namespace alloclens {
namespace {

constexpr std::uint32_t kWide = GridTile::kWide;

std::uint64_t keyOf(const GridView& view, std::uint32_t stripe, std::uint32_t segment) {
    // Levels are below 32, segments below 2^20, and no trace that fits a memory has 2^24 stripes.
    return (std::uint64_t{stripe} << 40U) ^ (std::uint64_t{view.rowLevel} << 35U)
           ^ (std::uint64_t{view.timeLevel} << 30U) ^ segment;
}

/// Cuts a stripe's rows into groups that reach over less than 2^level of the layout's height.
std::vector<std::uint32_t> groupsOf(const LaneLayout& layout, std::uint32_t stripe, unsigned level) {
    constexpr double kRounding = 1e-6;
    const auto [first, end] = layout.rowsOfStripe(stripe);
    const double reach = static_cast<double>(1U << level) - kRounding;
    std::vector<std::uint32_t> begins;
    double top = 0;
    for (std::uint32_t row = first; row < end; ++row) {
        const double at = layout.rows()[row].top;
        if (!begins.empty() && level > 0 && at - top < reach) continue;
        begins.push_back(row);
        top = at;
    }
    begins.push_back(end);
    return begins;
}

/// Makes the tiles of a view; one a thread, for the sake of its scratch memory.
class TileMaker {
public:
    TileMaker(const PictureSource& source, const GridView& view)
        : m_source(source),
          m_view(view),
          m_extent(acrossExtent(*source.analysis->trace, source.mode)),
          m_scale(std::ldexp(1.0, static_cast<int>(view.timeLevel)) / (m_extent.to - m_extent.from)) {}

    [[nodiscard]] GridTile make(std::uint32_t number, std::uint32_t segment) {
        GridTile tile;
        tile.firstRow = groupsOf(*m_source.layout, number, m_view.rowLevel);
        const Bars::Stripe& stripe = m_source.bars->stripes()[number];
        findGroups(stripe, tile);
        tile.classes.assign(tile.groups() * kWide, 0);
        m_cover.assign(tile.groups() * kCoverWide, 0);
        m_origin = m_extent.from + static_cast<double>(segment) * kWide / m_scale;
        const double rounding = 1e-6 / m_scale;
        const Trace& trace = *m_source.analysis->trace;
        const auto from = firstEventFrom(trace, m_source.mode, m_origin - rounding);
        const auto to = firstEventFrom(trace, m_source.mode, m_origin + kWide / m_scale + rounding);
        m_isLit = false;
        m_source.bars->forEachTouching(stripe, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to),
                                       [&](std::uint32_t bar) { collect(bar, stripe, tile); });
        addCollected(stripe, tile);
        if (!m_isLit) return {};
        sumUpCover(tile);
        return tile;
    }

private:
    static constexpr std::size_t kCoverWide = kWide + 2;
    static constexpr unsigned kUnitBits = 16;

    void findGroups(const Bars::Stripe& stripe, const GridTile& tile) {
        m_groupOf.assign(stripe.endSlot - stripe.firstSlot, 0);
        std::uint32_t group = 0;
        for (std::uint32_t slot = stripe.firstSlot; slot < stripe.endSlot; ++slot) {
            const std::uint32_t row = m_source.layout->rowOf(slot);
            if (row == LaneLayout::kNoRow) continue;
            while (row >= tile.firstRow[group + 1]) ++group;
            m_groupOf[slot - stripe.firstSlot] = group;
        }
    }

    // Lines of events are looked up for many bars at once: each look misses the cache, and so they do not wait for each
    // other.
    void collect(std::uint32_t bar, const Bars::Stripe& stripe, GridTile& tile) {
        if ((*m_source.classes)[bar] == 0) return;
        m_collected[m_count++] = bar;
        if (m_count == m_collected.size()) addCollected(stripe, tile);
    }

    void addCollected(const Bars::Stripe& stripe, GridTile& tile) {
        for (std::size_t i = 0; i < m_count; ++i) m_extents[i] = barExtent(m_source, m_collected[i]);
        for (std::size_t i = 0; i < m_count; ++i) add(m_collected[i], m_extents[i], stripe, tile);
        m_count = 0;
    }

    void add(std::uint32_t bar, const AcrossExtent& extent, const Bars::Stripe& stripe, GridTile& tile) {
        const std::uint8_t wanted = (*m_source.classes)[bar];
        const double from = (extent.from - m_origin) * m_scale;
        const double to = (extent.to - m_origin) * m_scale;
        if (from >= kWide || to < 0) return;
        // The cell in which it begins and all before the one in which it ends, as with pixels.
        const std::uint32_t first = from < 0 ? 0 : static_cast<std::uint32_t>(from);
        const std::uint32_t atLeast = from < 0 ? 0 : first + 1;
        const std::uint32_t end = std::max(atLeast, static_cast<std::uint32_t>(std::min<double>(kWide, to)));
        const std::size_t group = m_groupOf[m_source.bars->slot(bar) - stripe.firstSlot];
        std::uint8_t* classes = tile.classes.data() + group * kWide;
        for (std::uint32_t i = first; i < end; ++i) classes[i] = std::max(classes[i], wanted);
        m_isLit = m_isLit || end > first;
        addCover(m_cover.data() + group * kCoverWide, std::max(0.0, from), std::min<double>(kWide, to), 1 << kUnitBits);
    }

    void sumUpCover(GridTile& tile) {
        tile.cover.resize(tile.classes.size());
        const unsigned shift = kUnitBits + m_view.rowLevel - 8;
        for (std::size_t group = 0; group < tile.groups(); ++group) {
            const std::int32_t* differences = m_cover.data() + group * kCoverWide;
            const std::uint8_t* classes = tile.classes.data() + group * kWide;
            std::uint8_t* cover = tile.cover.data() + group * kWide;
            std::int32_t sum = 0;
            for (std::size_t i = 0; i < kWide; ++i) {
                sum += differences[i];
                const auto share = static_cast<std::uint8_t>(std::clamp(sum >> shift, 1, 255));
                cover[i] = classes[i] == 0 ? std::uint8_t{0} : share;
            }
        }
    }

    const PictureSource& m_source;
    const GridView& m_view;
    AcrossExtent m_extent;
    double m_scale;       ///< cells of one event or line
    double m_origin = 0;  ///< of the segment
    bool m_isLit = false;
    std::array<std::uint32_t, 64> m_collected{};  ///< bars that wait to be added
    std::array<AcrossExtent, 64> m_extents;
    std::size_t m_count = 0;
    std::vector<std::uint32_t> m_groupOf;  ///< by slot of the stripe
    std::vector<std::int32_t> m_cover;     ///< differences, by group
};

}  // namespace

GridView gridViewOf(const PictureSource& source, const PixelMap& map) {
    constexpr unsigned kMostTimeLevel = 30;
    constexpr unsigned kMostRowLevel = 11;  // all rows of a stripe
    static_assert(Bars::kMostSlots == 1U << kMostRowLevel);
    GridView view;
    const AcrossExtent extent = acrossExtent(*source.analysis->trace, source.mode);
    const double length = extent.to - extent.from;
    const double pixels = length * map.xScale();
    while (view.timeLevel < kMostTimeLevel && std::ldexp(1.0, static_cast<int>(view.timeLevel)) < pixels) {
        ++view.timeLevel;
    }
    view.isFineEnough = std::ldexp(1.0, static_cast<int>(view.timeLevel)) >= pixels;
    while (view.rowLevel < kMostRowLevel && map.yScale() * static_cast<double>(2U << view.rowLevel) <= 1) {
        ++view.rowLevel;
    }
    const double scale = std::ldexp(1.0, static_cast<int>(view.timeLevel)) / length;
    const double most = std::ldexp(1.0, static_cast<int>(view.timeLevel));
    const double first = std::clamp(std::floor((map.range.left - extent.from) * scale) - 1, 0.0, most);
    const double end = std::clamp(std::ceil((map.range.right - extent.from) * scale) + 1, 0.0, most);
    view.firstSegment = static_cast<std::uint32_t>(first / kWide);
    view.endSegment = std::max(view.firstSegment, static_cast<std::uint32_t>(std::ceil(end / kWide)));
    view.stripes = visibleStripes(source, map);
    std::size_t groups = 0;
    const auto& rows = source.layout->rows();
    for (const std::uint32_t stripe : view.stripes) {
        const auto [firstRow, endRow] = source.layout->rowsOfStripe(stripe);
        const double reach = rows[endRow - 1].top - rows[firstRow].top;
        const std::size_t atMost = static_cast<std::size_t>(reach / static_cast<double>(1U << view.rowLevel)) + 1;
        groups += view.rowLevel == 0 ? endRow - firstRow : std::min<std::size_t>(endRow - firstRow, atMost);
    }
    view.bytes = groups * view.segments() * kWide * 2;
    return view;
}

std::size_t GridTile::bytes() const {
    return sizeof(GridTile) + classes.size() + cover.size() + firstRow.size() * sizeof(std::uint32_t);
}

bool Grids::has(const GridView& view) const {
    const std::lock_guard lock(m_mutex);
    for (const std::uint32_t stripe : view.stripes) {
        for (std::uint32_t segment = view.firstSegment; segment < view.endSegment; ++segment) {
            if (!m_places.contains(keyOf(view, stripe, segment))) return false;
        }
    }
    return true;
}

std::size_t Grids::bytes() const {
    const std::lock_guard lock(m_mutex);
    return m_bytes;
}

void Grids::keep(std::uint64_t key, const Tile& tile) {
    const std::lock_guard lock(m_mutex);
    if (m_places.contains(key)) return;  // another thread was faster
    m_kept.push_front({key, tile});
    m_places.emplace(key, m_kept.begin());
    m_bytes += tile->bytes();
    while (m_bytes > m_mostBytes && m_kept.size() > 1) {
        m_bytes -= m_kept.back().tile->bytes();
        m_places.erase(m_kept.back().key);
        m_kept.pop_back();
    }
}

std::vector<Grids::Tile> Grids::tilesOf(const PictureSource& source, const GridView& view, const TaskContext& task) {
    std::vector<Tile> tiles;
    tiles.reserve(view.stripes.size() * view.segments());
    std::vector<std::size_t> missing;
    {
        const std::lock_guard lock(m_mutex);
        for (const std::uint32_t stripe : view.stripes) {
            for (std::uint32_t segment = view.firstSegment; segment < view.endSegment; ++segment) {
                const auto place = m_places.find(keyOf(view, stripe, segment));
                if (place == m_places.end()) {
                    missing.push_back(tiles.size());
                    tiles.push_back(nullptr);
                } else {
                    m_kept.splice(m_kept.begin(), m_kept, place->second);
                    tiles.push_back(place->second->tile);
                }
            }
        }
    }
    inParallel(missing.size(), [&] {
        return [&, maker = TileMaker(source, view)](std::size_t i) mutable {
            if (task.isCancelled()) return;
            const std::uint32_t stripe = view.stripes[missing[i] / view.segments()];
            const auto segment = view.firstSegment + static_cast<std::uint32_t>(missing[i] % view.segments());
            tiles[missing[i]] = std::make_shared<const GridTile>(maker.make(stripe, segment));
            keep(keyOf(view, stripe, segment), tiles[missing[i]]);
        };
    });
    return tiles;
}

Result<Picture> Grids::draw(const PictureSource& source, const PixelMap& map, const GridView& view,
                            const TaskContext& task) {
    const std::vector<Tile> tiles = tilesOf(source, view, task);
    if (task.isCancelled()) return TaskContext::cancelled();
    return paintTiles(source, map, view, tiles);
}

}  // namespace alloclens
