// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/source_search.h"

#include <algorithm>
#include <optional>

namespace alloclens {
namespace {

constexpr std::uint32_t kPiece = 4096;

// The first (or last) of the lines [first, end) with the text.
Result<std::uint32_t> findInLines(const SourceText& source, const QString& text, std::uint32_t first, std::uint32_t end,
                                  SearchDirection direction) {
    const auto lines = source.linesText(first, end - first);
    if (!lines) return lines.error();
    const auto count = static_cast<std::uint32_t>(lines->size());
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t at = direction == SearchDirection::Down ? i : count - 1 - i;
        if (QString::fromStdString((*lines)[at]).contains(text, Qt::CaseInsensitive)) return first + at;
    }
    return std::uint32_t{0};
}

}  // namespace

Result<std::uint32_t> findInSource(const SourceText& source, const QString& text, std::uint32_t from,
                                   SearchDirection direction, const TaskContext& task) {
    const std::uint32_t count = source.lines();
    if (count == 0 || text.isEmpty()) return std::uint32_t{0};
    const bool down = direction == SearchDirection::Down;
    // Positions run from 1 to count around the ring, starting behind `from`; each piece is a run without the seam.
    std::uint32_t done = 0;
    std::uint32_t next = from == 0 ? (down ? 1 : count) : down ? from % count + 1 : (from == 1 ? count : from - 1);
    while (done < count) {
        if (task.isCancelled()) return TaskContext::cancelled();
        task.report("searching", static_cast<double>(done) / count);
        const std::uint32_t piece = std::min({kPiece, count - done, down ? count - next + 1 : next});
        const std::uint32_t first = down ? next : next - piece + 1;
        const auto found = findInLines(source, text, first, first + piece, direction);
        if (!found || *found != 0) return found;
        done += piece;
        next = down ? (next + piece - 1) % count + 1 : (next == piece ? count : next - piece);
    }
    return std::uint32_t{0};
}

}  // namespace alloclens
