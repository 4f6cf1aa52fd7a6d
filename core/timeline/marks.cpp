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
