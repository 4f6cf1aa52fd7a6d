// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads the lines that prove the findings of a report. The lines of a finding are far apart in the source, so it
// fetches those of many findings at once, in source order. Used by one thread; the analysis must outlive it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/trace/line_reader.h"

namespace alloclens {

class FindingLines {
public:
    explicit FindingLines(const Analysis& analysis) : m_analysis(analysis), m_reader(*analysis.trace->source) {}

    /// Sets the findings that will be written, in that order.
    void expect(std::vector<FindingId> findings);
    /// Call it before writing each of them.
    void next();
    /// The text of the event's line, valid until the next call. Errors: as SourceText::lineText.
    [[nodiscard]] Result<std::string_view> of(EventId event) {
        return m_reader.line(m_analysis.trace->events.line[event.index()]);
    }

private:
    const Analysis& m_analysis;
    LineReader m_reader;
    std::vector<FindingId> m_findings;
    std::size_t m_next = 0;
    std::size_t m_fetched = 0;  ///< how many findings have their lines fetched
};

}  // namespace alloclens
