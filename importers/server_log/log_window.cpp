// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/log_window.h"

#include <algorithm>

#include "importers/server_log/frames/line_joiner.h"
#include "importers/server_log/plain_text.h"

namespace alloclens::server_log {

Result<void> LogWindow::moveTo(std::uint64_t offset) {
    if (offset == m_shown) return {};
    const std::uint64_t wanted = std::min<std::uint64_t>(kMostBytes, m_end - std::min(m_end, offset));
    if (offset < m_heldFrom || offset + wanted > m_heldFrom + m_held.size()) {
        constexpr std::size_t kAhead = std::size_t{256} << 10;
        m_held.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kAhead, m_end - std::min(m_end, offset))));
        const auto got = m_input.readAt(offset, m_held.data(), m_held.size());
        if (!got) return got.error();
        m_held.resize(*got);
        m_heldFrom = offset;
    }
    std::string_view rest(m_held.data(), m_held.size());
    rest = rest.substr(static_cast<std::size_t>(offset - m_heldFrom), kMostBytes);
    const bool isAtEnd = offset + rest.size() >= m_end;
    m_shown = offset;
    m_text.clear();
    m_begins.clear();
    while (!rest.empty() && m_begins.size() < kMostLines) {
        const std::size_t newline = rest.find('\n');
        // A line that is cut by the window says nothing, unless it is the only one.
        if (newline == std::string_view::npos && !isAtEnd && !m_begins.empty()) break;
        std::string_view line = rest.substr(0, newline);
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        if (line.ends_with('\r')) line.remove_suffix(1);
        m_begins.push_back(m_text.size());
        if (line.size() == 2 && line[0] == kJoinedLine) line = {};  // its text stands on another line
        if (holdsControls(line)) {
            copyPlain(line, m_plain);
            line = m_plain;
        }
        m_text += line;
        m_text += '\n';
    }
    return {};
}

std::size_t LogWindow::lineAt(std::size_t at) const {
    const auto next = std::upper_bound(m_begins.begin(), m_begins.end(), at);
    return static_cast<std::size_t>(next - m_begins.begin()) - 1;
}

std::size_t LogWindow::endOfLine(std::size_t line) const {
    if (line >= m_begins.size()) return 0;
    return (line + 1 < m_begins.size() ? m_begins[line + 1] : m_text.size()) - 1;
}

std::string_view LogWindow::line(std::size_t line) const {
    if (line >= m_begins.size()) return {};
    return std::string_view(m_text).substr(m_begins[line], endOfLine(line) - m_begins[line]);
}

}  // namespace alloclens::server_log
