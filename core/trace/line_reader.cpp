// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/line_reader.h"

#include <algorithm>

namespace alloclens {

Result<std::string_view> LineReader::line(std::uint32_t line) {
    constexpr std::uint32_t kBlockLines = 256;
    constexpr std::size_t kMostBlocks = 16;
    const std::uint32_t number = (line - 1) / kBlockLines;
    auto block = m_blocks.find(number);
    if (block == m_blocks.end()) {
        if (m_blocks.size() >= kMostBlocks) {
            m_blocks.erase(std::min_element(m_blocks.begin(), m_blocks.end(), [](const auto& a, const auto& b) {
                return a.second.lastUse < b.second.lastUse;
            }));
        }
        auto lines = m_source.linesText(number * kBlockLines + 1, kBlockLines);
        if (!lines) return lines.error();
        block = m_blocks.emplace(number, Block{std::move(*lines), 0}).first;
    }
    block->second.lastUse = ++m_uses;
    const std::size_t place = (line - 1) % kBlockLines;
    if (line != 0 && place < block->second.lines.size()) return std::string_view(block->second.lines[place]);
    return m_source.lineText(line).error();
}

}  // namespace alloclens
