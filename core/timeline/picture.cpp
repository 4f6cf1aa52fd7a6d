// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/picture.h"

#include <algorithm>
#include <cmath>

namespace alloclens {
namespace {

/// Adds bars to a picture. Density counts the rows that cover a pixel, in units of the rows that share it.
class Raster {
public:
    Raster(const PictureSource& source, const PixelMap& map) : m_source(source), m_map(map) {
        m_picture.width = map.width;
        m_picture.height = map.height;
        const auto pixels = static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height);
        m_picture.classes.assign(pixels, 0);
        m_picture.density.assign(pixels, 0);
        // One row gives a pixel this much of its 255; rows taller than a pixel cover it alone.
        const double rowsAPixel = std::max(1.0, 1.0 / map.yScale());
        m_step = static_cast<unsigned>(std::clamp(std::lround(255.0 / rowsAPixel), 1L, 255L));
    }

    [[nodiscard]] Picture draw() {
        const auto [first, last] = m_source.layout->rowsBetween(m_map.range.top, m_map.range.bottom);
        for (std::size_t i = first; i < last; ++i) drawRow(m_source.layout->rows()[i]);
        return std::move(m_picture);
    }

private:
    void drawRow(const LayoutRow& row) {
        const BarRows bar = barRows(row, m_map);
        if (bar.from >= bar.to) return;
        const Trace& trace = *m_source.analysis->trace;
        const Replay& replay = m_source.analysis->replay;
        const auto lifetimes = m_source.layout->lifetimesOf(row);
        // Lifetimes of one row do not overlap, so their ends are ordered like their starts.
        auto at = std::partition_point(lifetimes.begin(), lifetimes.end(), [&](LifetimeId id) {
            return lifetimeExtent(trace, m_source.mode, replay.lifetime(id)).to < m_map.range.left;
        });
        int drawnTo = -1;  // the pixel behind the last one this row has added its density to
        for (; at != lifetimes.end(); ++at) {
            const AcrossExtent extent = lifetimeExtent(trace, m_source.mode, replay.lifetime(*at));
            if (extent.from >= m_map.range.right) break;
            const int from = std::max(0, static_cast<int>(std::floor(m_map.x(extent.from))));
            const int to = std::min(m_map.width, std::max(from + 1, static_cast<int>(std::floor(m_map.x(extent.to)))));
            if (from >= to) continue;
            fill(bar, from, to, drawnTo, (*m_source.classes)[at->index()]);
            drawnTo = std::max(drawnTo, to);
        }
    }

    void fill(BarRows bar, int from, int to, int drawnTo, std::uint8_t wanted) {
        for (int y = bar.from; y < bar.to; ++y) {
            const std::size_t line = static_cast<std::size_t>(y) * static_cast<std::size_t>(m_map.width);
            std::uint8_t* classes = m_picture.classes.data() + line;
            for (int x = from; x < to; ++x) classes[x] = std::max(classes[x], wanted);
            std::uint8_t* density = m_picture.density.data() + line;
            for (int x = std::max(from, drawnTo); x < to; ++x) {
                density[x] = static_cast<std::uint8_t>(std::min(255U, density[x] + m_step));
            }
        }
    }

    const PictureSource& m_source;
    const PixelMap& m_map;
    Picture m_picture;
    unsigned m_step = 255;
};

}  // namespace

BarRows barRows(const LayoutRow& row, const PixelMap& map) {
    constexpr double kGapFrom = 4;      // rows at least so tall are set apart
    constexpr double kTallestBar = 26;  // a single row does not fill the window
    double top = map.y(row.top);
    double bottom = map.y(row.bottom);
    const double tall = bottom - top;
    if (tall > kTallestBar) {
        const double middle = (top + bottom) / 2;
        top = middle - kTallestBar / 2;
        bottom = middle + kTallestBar / 2;
    } else if (tall >= kGapFrom) {
        const double gap = std::max(1.0, tall / 5);
        top += gap / 2;
        bottom -= gap / 2;
    }
    const int from = static_cast<int>(std::floor(top));
    const int to = std::max(from + 1, static_cast<int>(std::floor(bottom)));
    return {std::clamp(from, 0, map.height), std::clamp(to, 0, map.height)};
}

Picture drawPicture(const PictureSource& source, const PixelMap& map) { return Raster(source, map).draw(); }

std::vector<Mark> findMarks(const PictureSource& source, const std::vector<std::uint8_t>* findingsShown) {
    const Analysis& analysis = *source.analysis;
    std::vector<Mark> marks;
    const auto& findings = analysis.findings.rows;  // ordered by their events, so marks come out ordered across
    for (std::size_t i = 0; i < findings.size(); ++i) {
        const Finding& finding = findings[i];
        if (!isRefusedFree(finding) || (findingsShown != nullptr && (*findingsShown)[i] == 0)) continue;
        Mark mark;
        mark.finding = FindingId(i);
        mark.across = acrossOf(*analysis.trace, source.mode, finding.primary);
        mark.tiedTo = mark.across;
        Memory memory = Memory::Unknown;
        if (finding.lifetime.isValid()) {
            const Lifetime& ended = analysis.replay.lifetime(finding.lifetime);
            memory = ended.memory;
            mark.tiedTo = lifetimeExtent(*analysis.trace, source.mode, ended).to;
        }
        const std::uint32_t row = source.layout->rowOf(finding.address, memory);
        if (row == LaneLayout::kNoRow) continue;
        const LayoutRow& place = source.layout->rows()[row];
        mark.down = (place.top + place.bottom) / 2;
        marks.push_back(mark);
    }
    return marks;
}

std::vector<MarkBin> binMarks(const std::vector<Mark>& marks, const PixelMap& map, int cellPixels) {
    const int columns = map.width / cellPixels + 1;
    const int lines = map.height / cellPixels + 1;
    std::vector<std::uint32_t> binOf(static_cast<std::size_t>(columns) * static_cast<std::size_t>(lines), 0);
    std::vector<MarkBin> bins;
    const auto begin = std::partition_point(marks.begin(), marks.end(),
                                            [&map](const Mark& mark) { return mark.across < map.range.left; });
    for (auto mark = begin; mark != marks.end() && mark->across < map.range.right; ++mark) {
        if (mark->down < map.range.top || mark->down >= map.range.bottom) continue;
        const double x = map.x(mark->across);
        const double y = map.y(mark->down);
        const auto column = static_cast<std::size_t>(std::clamp(static_cast<int>(x) / cellPixels, 0, columns - 1));
        const auto line = static_cast<std::size_t>(std::clamp(static_cast<int>(y) / cellPixels, 0, lines - 1));
        std::uint32_t& bin = binOf[line * static_cast<std::size_t>(columns) + column];
        if (bin == 0) {
            bins.push_back({x, y, 0, static_cast<std::size_t>(mark - marks.begin())});
            bin = static_cast<std::uint32_t>(bins.size());
        }
        ++bins[bin - 1].count;
    }
    return bins;
}

}  // namespace alloclens
