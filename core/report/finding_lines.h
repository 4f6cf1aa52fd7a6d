// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lines that prove the findings of a report. Those of one finding lie far apart, so that the lines of the next many
// findings are fetched together, in the order of the source. Owned and used by one thread.
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

    /// The findings that will be written, in that order.
    void expect(std::vector<FindingId> findings);
    /// To be called before each of them is written.
    void next();
    /// The verbatim text of the event's line; valid until the next call. Errors as SourceText::lineText.
    [[nodiscard]] Result<std::string_view> of(EventId event) {
        return m_reader.line(m_analysis.trace->events.line[event.index()]);
    }

private:
    const Analysis& m_analysis;
    LineReader m_reader;
    std::vector<FindingId> m_findings;
    std::size_t m_next = 0;
    std::size_t m_fetched = 0;  ///< the lines of so many have been fetched
};

}  // namespace alloclens
