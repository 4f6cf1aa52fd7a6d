// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/marks.h"

#include <algorithm>

namespace alloclens {

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
            const Lifetime ended = analysis.replay.lifetime(finding.lifetime);
            memory = ended.memory;
            mark.tiedTo = lifetimeExtent(*analysis.trace, source.mode, ended).to;
        }
        const std::uint32_t row = source.layout->rowOf(*source.bars, finding.address, memory);
        if (row == LaneLayout::kNoRow) continue;
        const LayoutRow& place = source.layout->rows()[row];
        mark.down = (place.top + place.bottom) / 2;
        marks.push_back(mark);
    }
    return marks;
}

const Mark* markOf(const std::vector<Mark>& marks, FindingId finding) {
    const auto at = std::partition_point(marks.begin(), marks.end(),
                                         [finding](const Mark& mark) { return mark.finding < finding; });
    return at != marks.end() && at->finding == finding ? &*at : nullptr;
}

namespace {

/// Cells of pixels with the bins in them.
class Cells {
public:
    Cells(const std::vector<Mark>& marks, const PixelMap& map, int cellPixels)
        : m_marks(marks),
          m_map(map),
          m_cellPixels(cellPixels),
          m_columns(map.width / cellPixels + 1),
          m_lines(map.height / cellPixels + 1),
          m_binOf(static_cast<std::size_t>(m_columns) * static_cast<std::size_t>(m_lines), 0) {}

    /// `count` marks about a place, the given one among them.
    void add(double across, double down, std::size_t mark, std::uint32_t count) {
        const auto x = static_cast<int>(m_map.x(across));
        const auto y = static_cast<int>(m_map.y(down));
        const auto column = static_cast<std::size_t>(std::clamp(x / m_cellPixels, 0, m_columns - 1));
        const auto line = static_cast<std::size_t>(std::clamp(y / m_cellPixels, 0, m_lines - 1));
        std::uint32_t& bin = m_binOf[line * static_cast<std::size_t>(m_columns) + column];
        if (bin == 0) {
            m_bins.push_back({m_map.x(m_marks[mark].across), m_map.y(m_marks[mark].down), 0, mark});
            bin = static_cast<std::uint32_t>(m_bins.size());
        }
        m_bins[bin - 1].count += count;
    }
    void addIfVisible(double across, double down, std::size_t mark) {
        const ViewRange& range = m_map.range;
        if (across < range.left || across >= range.right || down < range.top || down >= range.bottom) return;
        add(across, down, mark, 1);
    }
    [[nodiscard]] std::vector<MarkBin> take() { return std::move(m_bins); }

private:
    const std::vector<Mark>& m_marks;
    const PixelMap& m_map;
    int m_cellPixels;
    int m_columns;
    int m_lines;
    std::vector<std::uint32_t> m_binOf;  ///< by cell: the bin's number from 1, or 0
    std::vector<MarkBin> m_bins;
};

}  // namespace

std::vector<MarkBin> binMarks(const std::vector<Mark>& marks, const PixelMap& map, int cellPixels) {
    Cells cells(marks, map, cellPixels);
    const auto begin = std::partition_point(marks.begin(), marks.end(),
                                            [&map](const Mark& mark) { return mark.across < map.range.left; });
    for (auto i = static_cast<std::size_t>(begin - marks.begin()); i < marks.size(); ++i) {
        if (marks[i].across >= map.range.right) break;
        cells.addIfVisible(marks[i].across, marks[i].down, i);
    }
    return cells.take();
}

MarkIndex::MarkIndex(const std::vector<Mark>& marks, AcrossExtent extent, double height) {
    if (marks.size() <= kFew) return;
    m_from = extent.from;
    m_columnScale = kColumns / (extent.to - extent.from);
    m_lineScale = kLines / height;
    m_begins.assign(kColumns * kLines + 1, 0);
    std::vector<std::uint32_t> bucketOf;
    bucketOf.reserve(marks.size());
    for (const Mark& mark : marks) {
        bucketOf.push_back(static_cast<std::uint32_t>(columnOf(mark.across) * kLines + lineOf(mark.down)));
        ++m_begins[bucketOf.back() + 1];
    }
    for (std::size_t bucket = 0; bucket + 1 < m_begins.size(); ++bucket) m_begins[bucket + 1] += m_begins[bucket];
    std::vector<std::uint32_t> next(m_begins.begin(), m_begins.end() - 1);
    m_order.resize(marks.size());
    m_places.resize(marks.size());
    for (std::uint32_t i = 0; i < marks.size(); ++i) {
        const std::uint32_t at = next[bucketOf[i]]++;
        m_order[at] = i;
        m_places[at] = {marks[i].across, marks[i].down};
    }
}

std::size_t MarkIndex::columnOf(double across) const {
    return static_cast<std::size_t>(std::clamp((across - m_from) * m_columnScale, 0.0, kColumns - 1.0));
}

std::size_t MarkIndex::lineOf(double down) const {
    return static_cast<std::size_t>(std::clamp(down * m_lineScale, 0.0, kLines - 1.0));
}

std::vector<MarkBin> MarkIndex::bins(const std::vector<Mark>& marks, const PixelMap& map, int cellPixels) const {
    if (m_begins.empty()) return binMarks(marks, map, cellPixels);
    Cells cells(marks, map, cellPixels);
    const std::size_t left = columnOf(map.range.left);
    const std::size_t right = columnOf(map.range.right);
    const std::size_t top = lineOf(map.range.top);
    const std::size_t bottom = lineOf(map.range.bottom);
    const double half = cellPixels / 2.0;
    const bool isFine = map.xScale() / m_columnScale <= half && map.yScale() / m_lineScale <= half;
    for (std::size_t column = left; column <= right; ++column) {
        for (std::size_t line = top; line <= bottom; ++line) {
            const std::size_t bucket = column * kLines + line;
            const std::uint32_t begin = m_begins[bucket];
            const std::uint32_t end = m_begins[bucket + 1];
            if (begin == end) continue;
            // Marks of one bucket are in sight together unless an edge of the view runs through it.
            const bool isInside = column > left && column < right && line > top && line < bottom;
            if (isInside && isFine) {
                const double across = m_from + (static_cast<double>(column) + 0.5) / m_columnScale;
                const double down = (static_cast<double>(line) + 0.5) / m_lineScale;
                cells.add(across, down, m_order[begin], end - begin);
                continue;
            }
            for (std::uint32_t i = begin; i < end; ++i) {
                cells.addIfVisible(m_places[i].across, m_places[i].down, m_order[i]);
            }
        }
    }
    return cells.take();
}

}  // namespace alloclens
