// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/marks.h"

#include <algorithm>

#include "core/base/parallel.h"

namespace alloclens {

namespace {

/// The marks of the findings [begin, end), in their order.
std::vector<Mark> marksOf(const PictureSource& source, const RowFlags* findingsShown, std::size_t begin,
                          std::size_t end) {
    const Analysis& analysis = *source.analysis;
    const LifetimeTable& lifetimes = analysis.replay.lifetimes;
    std::vector<Mark> marks;
    for (std::size_t i = begin; i < end; ++i) {
        const Finding& finding = analysis.findings.rows[i];
        if (!isRefusedFree(finding) || (findingsShown != nullptr && !(*findingsShown)[i])) continue;
        const std::uint32_t row = source.layout->rowOf(*source.bars, finding.address, finding.memory);
        if (row == LaneLayout::kNoRow) continue;
        Mark mark;
        mark.finding = FindingId(i);
        if (const Verdict* verdict = analysis.findings.verdicts.of(mark.finding)) mark.blame = blameOf(verdict->cause);
        mark.across = acrossOf(*analysis.trace, source.mode, finding.primary);
        mark.tiedTo = mark.across;
        if (const LifetimeId ended = finding.lifetime; ended.isValid()) {
            mark.tiedTo = lifetimeExtent(*analysis.trace, source.mode, lifetimes.first(ended.index()),
                                         lifetimes.last(ended.index()))
                              .to;
        }
        const LayoutRow& place = source.layout->rows()[row];
        mark.down = (place.top + place.bottom) / 2;
        marks.push_back(mark);
    }
    return marks;
}

}  // namespace

// Findings are ordered by their events, so marks come out ordered across. Each looks for a lifetime that no cache
// holds.
std::vector<Mark> findMarks(const PictureSource& source, const RowFlags* findingsShown) {
    constexpr std::size_t kShare = 16 * 1024;
    const std::size_t findings = source.analysis->findings.rows.size();
    std::vector<std::vector<Mark>> shares((findings + kShare - 1) / kShare);
    sideBySide(shares.size(), [&](std::size_t i) {
        shares[i] = marksOf(source, findingsShown, i * kShare, std::min(findings, (i + 1) * kShare));
    });
    std::vector<Mark> marks;
    for (const auto& share : shares) marks.insert(marks.end(), share.begin(), share.end());
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
          m_xScale(map.xScale()),
          m_yScale(map.yScale()),
          m_cellPixels(cellPixels),
          m_columns(map.width / cellPixels + 1),
          m_lines(map.height / cellPixels + 1),
          m_binOf(static_cast<std::size_t>(m_columns) * static_cast<std::size_t>(m_lines), 0) {}

    /// `count` marks about a place, the given one among them; `blame` is the gravest of theirs.
    void add(double across, double down, std::size_t mark, std::uint32_t count, Blame blame) {
        const auto x = static_cast<int>((across - m_map.range.left) * m_xScale);
        const auto y = static_cast<int>((down - m_map.range.top) * m_yScale);
        const auto column = static_cast<std::size_t>(std::clamp(x / m_cellPixels, 0, m_columns - 1));
        const auto line = static_cast<std::size_t>(std::clamp(y / m_cellPixels, 0, m_lines - 1));
        std::uint32_t& bin = m_binOf[line * static_cast<std::size_t>(m_columns) + column];
        if (bin == 0) {
            m_bins.push_back({m_map.x(m_marks[mark].across), m_map.y(m_marks[mark].down), 0, mark, blame});
            bin = static_cast<std::uint32_t>(m_bins.size());
        }
        m_bins[bin - 1].count += count;
        m_bins[bin - 1].blame = std::max(m_bins[bin - 1].blame, blame);
    }
    void addIfVisible(double across, double down, std::size_t mark) {
        const ViewRange& range = m_map.range;
        if (across < range.left || across >= range.right || down < range.top || down >= range.bottom) return;
        add(across, down, mark, 1, m_marks[mark].blame);
    }
    [[nodiscard]] std::vector<MarkBin> take() { return std::move(m_bins); }

private:
    const std::vector<Mark>& m_marks;
    const PixelMap& m_map;
    double m_xScale;  // the map's, which are divisions
    double m_yScale;
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
        bucketOf.push_back(static_cast<std::uint32_t>(lineOf(mark.down) * kColumns + columnOf(mark.across)));
        ++m_begins[bucketOf.back() + 1];
    }
    for (std::size_t bucket = 0; bucket + 1 < m_begins.size(); ++bucket) m_begins[bucket + 1] += m_begins[bucket];
    for (std::size_t graver = 0; graver < m_graverBefore.size(); ++graver) {
        std::vector<std::uint32_t>& before = m_graverBefore[graver];
        before.assign(m_begins.size(), 0);
        for (std::size_t i = 0; i < marks.size(); ++i) {
            before[bucketOf[i] + 1] += static_cast<std::size_t>(marks[i].blame) == graver + 1 ? 1 : 0;
        }
        for (std::size_t bucket = 0; bucket + 1 < before.size(); ++bucket) before[bucket + 1] += before[bucket];
    }
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

Blame MarkIndex::gravest(std::size_t firstBucket, std::size_t endBucket) const {
    for (std::size_t graver = m_graverBefore.size(); graver > 0; --graver) {
        const std::vector<std::uint32_t>& before = m_graverBefore[graver - 1];
        if (before[endBucket] > before[firstBucket]) return static_cast<Blame>(graver);
    }
    return Blame::Tracking;
}

std::vector<MarkBin> MarkIndex::bins(const std::vector<Mark>& marks, const PixelMap& map, int cellPixels) const {
    if (m_begins.empty()) return binMarks(marks, map, cellPixels);
    Cells cells(marks, map, cellPixels);
    // So many buckets side by side are no wider than half a cell; none where even one is too large.
    const double half = cellPixels / 2.0;
    const double wide = map.xScale() / m_columnScale;
    std::size_t together = wide <= half && map.yScale() / m_lineScale <= half ? 1 : 0;
    while (together > 0 && together < kColumns && wide * static_cast<double>(2 * together) <= half) together *= 2;

    const std::size_t left = columnOf(map.range.left);
    const std::size_t right = columnOf(map.range.right);
    const std::size_t top = lineOf(map.range.top);
    const std::size_t bottom = lineOf(map.range.bottom);
    const auto addOneByOne = [&](std::size_t line, std::size_t column, std::size_t endColumn) {
        const std::uint32_t end = m_begins[line * kColumns + endColumn];
        for (std::uint32_t i = m_begins[line * kColumns + column]; i < end; ++i) {
            cells.addIfVisible(m_places[i].across, m_places[i].down, m_order[i]);
        }
    };
    for (std::size_t line = top; line <= bottom; ++line) {
        // Marks of one bucket are in sight together unless an edge of the view runs through it.
        if (together == 0 || line == top || line == bottom || left == right) {
            addOneByOne(line, left, right + 1);
            continue;
        }
        addOneByOne(line, left, left + 1);
        const double down = (static_cast<double>(line) + 0.5) / m_lineScale;
        for (std::size_t column = left + 1, next = column; column < right; column = next) {
            next = std::min(right, column + together);
            const std::uint32_t begin = m_begins[line * kColumns + column];
            const std::uint32_t end = m_begins[line * kColumns + next];
            if (begin == end) continue;
            const double across = m_from + static_cast<double>(column + next) / 2 / m_columnScale;
            cells.add(across, down, m_order[begin], end - begin,
                      gravest(line * kColumns + column, line * kColumns + next));
        }
        addOneByOne(line, right, right + 1);
    }
    return cells.take();
}

std::vector<std::uint32_t> MarkIndex::inSight(const std::vector<Mark>& marks, const ViewRange& range,
                                              std::size_t most) const {
    std::vector<std::uint32_t> found;
    const auto add = [&](std::size_t mark) {
        const Mark& place = marks[mark];
        const bool isIn = place.across >= range.left && place.across < range.right && place.down >= range.top
                          && place.down < range.bottom;
        if (isIn) found.push_back(static_cast<std::uint32_t>(mark));
    };
    if (m_begins.empty()) {
        const auto begin = std::partition_point(marks.begin(), marks.end(),
                                                [&range](const Mark& mark) { return mark.across < range.left; });
        for (auto i = static_cast<std::size_t>(begin - marks.begin());
             i < marks.size() && marks[i].across < range.right && found.size() <= most; ++i) {
            add(i);
        }
        return found;
    }
    const std::size_t left = columnOf(range.left);
    const std::size_t end = columnOf(range.right) + 1;
    for (std::size_t line = lineOf(range.top); line <= lineOf(range.bottom); ++line) {
        for (std::uint32_t i = m_begins[line * kColumns + left]; i < m_begins[line * kColumns + end]; ++i) {
            if (found.size() > most) return found;
            add(m_order[i]);
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace alloclens
