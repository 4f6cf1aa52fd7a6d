// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/finding_lines.h"

#include <algorithm>
#include <utility>

namespace alloclens {

void FindingLines::expect(std::vector<FindingId> findings) {
    m_findings = std::move(findings);
    m_next = 0;
    m_fetched = 0;
}

void FindingLines::next() {
    if (m_next++ < m_fetched || m_fetched >= m_findings.size()) return;
    constexpr std::size_t kTogether = std::size_t{1} << 16;
    const std::size_t end = std::min(m_findings.size(), m_fetched + kTogether);
    std::vector<std::uint32_t> lines;
    for (; m_fetched < end; ++m_fetched) {
        for (const RoleEvent& role : m_analysis.findings.rolesOf(m_analysis.findings.row(m_findings[m_fetched])))
            lines.push_back(m_analysis.trace->events.line[role.event.index()]);
    }
    m_reader.fetch(std::move(lines));
}

}  // namespace alloclens
