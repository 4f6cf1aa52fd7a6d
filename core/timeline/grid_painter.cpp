// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/grid_painter.h"

#include <algorithm>
#include <cmath>

#include "core/timeline/bar_raster.h"

namespace alloclens {
namespace {

constexpr std::size_t kWide = GridTile::kWide;
constexpr std::size_t kPad = 4;      // empty cells at both ends of a line, so that no pixel looks beyond
constexpr unsigned kWeightBits = 7;  // two full groups on one line fit 16 bits
constexpr unsigned kPartBits = 8;
constexpr std::size_t kMostCells = 4;  // that touch one pixel: it is less than two wide, and rounding

/// One pixel line, cell by cell.
struct CellLine {
    std::vector<std::uint8_t> classes;
    std::vector<std::uint16_t> cover;  ///< 255 << kWeightBits is all of the pixel's height
    bool isLit = false;
};

class TilePainter {
public:
    TilePainter(const PictureSource& source, const PixelMap& map, const GridView& view,
                std::span<const std::shared_ptr<const GridTile>> tiles)
        : m_source(source), m_map(map), m_view(view), m_tiles(tiles), m_cells(view.segments() * kWide + 2 * kPad) {
        m_picture.width = map.width;
        m_picture.height = map.height;
        const auto pixels = static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height);
        m_picture.classes.assign(pixels, 0);
        m_picture.density.assign(pixels, 0);
        for (CellLine* line : {&m_line, &m_nextLine}) {
            line->classes.assign(m_cells, 0);
            line->cover.assign(m_cells, 0);
        }
        m_worstOfTwo.assign(m_cells, 0);
        m_rowClasses.resize(static_cast<std::size_t>(map.width));
        m_rowDensity.resize(static_cast<std::size_t>(map.width));
        findColumns();
    }

    [[nodiscard]] Picture paint() {
        if (m_view.segments() == 0) return std::move(m_picture);
        const bool isTall = m_map.yScale() >= 1;
        for (std::size_t i = 0; i < m_view.stripes.size(); ++i) {
            const auto stripe = m_tiles.subspan(i * m_view.segments(), m_view.segments());
            const auto lit = std::find_if(stripe.begin(), stripe.end(), [](const auto& t) { return t->groups() > 0; });
            if (lit == stripe.end()) continue;
            const auto& firstRow = (*lit)->firstRow;
            for (std::size_t group = 0; group + 1 < firstRow.size(); ++group) {
                if (isTall) {
                    paintTallRow(stripe, group, firstRow[group]);
                } else {
                    paintGroup(stripe, group, firstRow[group], firstRow[group + 1]);
                }
            }
        }
        paintLine();
        std::swap(m_line, m_nextLine);
        ++m_y;
        paintLine();
        return std::move(m_picture);
    }

private:
    using Stripe = std::span<const std::shared_ptr<const GridTile>>;

    // Which cells each pixel column touches, and how much of the column each of them is.
    void findColumns() {
        constexpr double kRounding = 1e-6;
        const AcrossExtent extent = acrossExtent(*m_source.analysis->trace, m_source.mode);
        const double scale = std::ldexp(1.0, static_cast<int>(m_view.timeLevel)) / (extent.to - extent.from);
        const double origin = static_cast<double>(m_view.firstSegment * kWide) - static_cast<double>(kPad);
        const auto cellAt = [&](int x) {
            const double cell = (m_map.across(x) - extent.from) * scale - origin;
            return std::clamp(cell, 1.0, static_cast<double>(m_cells) - 1);
        };
        m_first.resize(static_cast<std::size_t>(m_map.width));
        m_last.resize(m_first.size());
        m_parts.resize(m_first.size() * kMostCells);
        m_begin = m_cells;
        for (int x = 0; x < m_map.width; ++x) {
            const double from = cellAt(x);
            const double to = cellAt(x + 1);
            const auto column = static_cast<std::size_t>(x);
            const auto first = static_cast<std::size_t>(from - kRounding);
            const auto last = std::max(first, static_cast<std::size_t>(std::ceil(to + kRounding)) - 1);
            m_first[column] = static_cast<std::uint32_t>(std::min(first, m_cells - kMostCells));
            m_last[column] = static_cast<std::uint32_t>(std::max(last, first + 1) - 1);
            m_begin = std::min<std::size_t>(m_begin, m_first[column]);
            m_end = std::max<std::size_t>(m_end, m_first[column] + kMostCells);
            for (std::size_t i = 0; i < kMostCells; ++i) {
                const auto cell = static_cast<double>(m_first[column]) + static_cast<double>(i);
                const double part = std::max(0.0, std::min(to, cell + 1) - std::max(from, cell)) / (to - from + 1e-12);
                m_parts[column * kMostCells + i] = static_cast<std::uint16_t>(part * (1U << kPartBits));
            }
        }
    }

    void add(CellLine& line, Stripe stripe, std::size_t group, double weight) const {
        const auto times = static_cast<std::uint16_t>(std::lround(weight * (1U << kWeightBits)));
        for (std::size_t segment = 0; segment < stripe.size(); ++segment) {
            if (stripe[segment]->groups() == 0) continue;
            const std::uint8_t* fromClasses = stripe[segment]->classes.data() + group * kWide;
            const std::uint8_t* fromCover = stripe[segment]->cover.data() + group * kWide;
            std::uint8_t* classes = line.classes.data() + kPad + segment * kWide;
            std::uint16_t* cover = line.cover.data() + kPad + segment * kWide;
            const std::size_t origin = kPad + segment * kWide;
            const std::size_t begin = m_begin > origin ? std::min(m_begin - origin, kWide) : 0;
            const std::size_t end = m_end > origin ? std::min(m_end - origin, kWide) : 0;
            for (std::size_t i = begin; i < end; ++i) classes[i] = std::max(classes[i], fromClasses[i]);
            // Many groups may lie on one line where rows are not packed: what fits is added at most.
            for (std::size_t i = begin; i < end; ++i) {
                const auto more = static_cast<std::uint16_t>(fromCover[i] * times);
                const auto room = static_cast<std::uint16_t>(~cover[i]);
                cover[i] = static_cast<std::uint16_t>(cover[i] + std::min(room, more));
            }
            line.isLit = true;
        }
    }

    // Rows thinner than a pixel: a group lies on one line or on two.
    void paintGroup(Stripe stripe, std::size_t group, std::uint32_t firstRow, std::uint32_t endRow) {
        const auto& rows = m_source.layout->rows();
        const double top = m_map.y(rows[firstRow].top);
        const double lastTop = m_map.y(rows[endRow - 1].top);
        const double bottom = std::max(m_map.y(rows[endRow - 1].bottom), top + 1e-9);
        const auto line = static_cast<int>(std::floor(top));
        const auto lastLine = static_cast<int>(std::floor(lastTop));
        if (lastLine < 0 || line >= m_map.height) return;
        while (m_y < line) {
            paintLine();
            std::swap(m_line, m_nextLine);
            m_y = m_nextLine.isLit || m_line.isLit ? m_y + 1 : line;
        }
        const double height = std::min(1.0, m_map.yScale() * static_cast<double>(1U << m_view.rowLevel));
        const double share = lastLine > line ? std::clamp((line + 1 - top) / (bottom - top), 0.0, 1.0) : 1.0;
        add(m_line, stripe, group, height * share);
        if (lastLine > line) add(m_nextLine, stripe, group, height * (1 - share));
    }

    // Rows of a pixel and more: each is read across once, and copied to its lines.
    void paintTallRow(Stripe stripe, std::size_t group, std::uint32_t row) {
        const BarRows lines = barRows(m_source.layout->rows()[row], m_map);
        if (lines.from >= lines.to) return;
        add(m_line, stripe, group, 1);
        readAcross(m_line, m_rowClasses.data(), m_rowDensity.data());
        clear(m_line);
        const auto width = static_cast<std::size_t>(m_map.width);
        for (int y = lines.from; y < lines.to; ++y) {
            std::uint8_t* classes = m_picture.classes.data() + static_cast<std::size_t>(y) * width;
            std::uint8_t* density = m_picture.density.data() + static_cast<std::size_t>(y) * width;
            for (std::size_t x = 0; x < width; ++x) classes[x] = std::max(classes[x], m_rowClasses[x]);
            for (std::size_t x = 0; x < width; ++x) {
                density[x] = static_cast<std::uint8_t>(std::min(255, density[x] + m_rowDensity[x]));
            }
        }
    }

    void paintLine() {
        if (m_line.isLit && m_y >= 0 && m_y < m_map.height) {
            const std::size_t at = static_cast<std::size_t>(m_y) * static_cast<std::size_t>(m_map.width);
            readAcross(m_line, m_picture.classes.data() + at, m_picture.density.data() + at);
        }
        clear(m_line);
    }

    void clear(CellLine& line) const {
        if (!line.isLit) return;
        std::fill(line.classes.data() + m_begin, line.classes.data() + m_end, std::uint8_t{0});
        std::fill(line.cover.data() + m_begin, line.cover.data() + m_end, std::uint16_t{0});
        line.isLit = false;
    }

    void readAcross(const CellLine& line, std::uint8_t* classes, std::uint8_t* density) {
        const std::uint8_t* one = line.classes.data();
        std::uint8_t* two = m_worstOfTwo.data();
        for (std::size_t i = m_begin; i + 1 < m_end; ++i) two[i] = std::max(one[i], one[i + 1]);
        const std::uint16_t* part = m_parts.data();
        const auto width = static_cast<std::size_t>(m_map.width);
        for (std::size_t x = 0; x < width; ++x, part += kMostCells) {
            const std::size_t first = m_first[x];
            const std::uint16_t* cover = line.cover.data() + first;
            const unsigned worst = std::max<unsigned>(two[first], two[m_last[x]]);
            const std::uint32_t sum = std::uint32_t{cover[0]} * part[0] + std::uint32_t{cover[1]} * part[1]
                                      + std::uint32_t{cover[2]} * part[2];
            const std::uint32_t share = std::clamp<std::uint32_t>(sum >> (kWeightBits + kPartBits), 1, 255);
            // Whether a pixel is lit cannot be foreseen, so nothing branches on it.
            const unsigned isLit = 0U - static_cast<unsigned>(worst != 0);
            classes[x] = static_cast<std::uint8_t>(worst);
            density[x] = static_cast<std::uint8_t>(share & isLit);
        }
    }

    const PictureSource& m_source;
    const PixelMap& m_map;
    const GridView& m_view;
    std::span<const std::shared_ptr<const GridTile>> m_tiles;
    std::size_t m_cells;      ///< of a line, pads included
    std::size_t m_begin = 0;  ///< of the cells that a pixel looks at
    std::size_t m_end = 0;
    std::vector<std::uint32_t> m_first;  ///< by pixel column: the first cell that it touches
    std::vector<std::uint32_t> m_last;   ///< and the last but one
    std::vector<std::uint16_t> m_parts;  ///< of the column, kMostCells from the first on
    int m_y = -1;                        ///< the pixel line of m_line; m_nextLine is the one below
    CellLine m_line;
    CellLine m_nextLine;
    std::vector<std::uint8_t> m_worstOfTwo;
    std::vector<std::uint8_t> m_rowClasses;
    std::vector<std::uint8_t> m_rowDensity;
    Picture m_picture;
};

}  // namespace

Picture paintTiles(const PictureSource& source, const PixelMap& map, const GridView& view,
                   std::span<const std::shared_ptr<const GridTile>> tiles) {
    return TilePainter(source, map, view, tiles).paint();
}

}  // namespace alloclens
