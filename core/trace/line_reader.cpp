// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/line_reader.h"

#include <algorithm>

namespace alloclens {
namespace {

constexpr std::uint32_t kBlockLines = 256;

}  // namespace

Result<std::string_view> LineReader::line(std::uint32_t line) {
    const auto fetched = std::lower_bound(m_fetched.begin(), m_fetched.end(), line,
                                          [](const Fetched& of, std::uint32_t wanted) { return of.line < wanted; });
    if (fetched != m_fetched.end() && fetched->line == line)
        return std::string_view(m_texts).substr(fetched->begin, fetched->size);
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

void LineReader::fetch(std::vector<std::uint32_t> lines) {
    constexpr std::size_t kMostBytes = std::size_t{64} << 20;
    std::sort(lines.begin(), lines.end());
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    m_fetched.clear();
    m_texts.clear();
    if (m_source.isPadded()) return fetchPadded(lines);
    for (std::size_t begin = 0, end = 0; begin < lines.size() && m_texts.size() < kMostBytes; begin = end) {
        const std::uint32_t first = lines[begin];
        while (end < lines.size() && lines[end] - first < kBlockLines) ++end;
        const auto texts = m_source.linesText(first, lines[end - 1] - first + 1);
        for (std::size_t i = begin; texts && i < end && lines[i] - first < texts->size(); ++i)
            keep(lines[i], (*texts)[lines[i] - first]);
    }
}

// Lines that are filled up have one length, the first one's, so that no other line need be made.
void LineReader::fetchPadded(const std::vector<std::uint32_t>& lines) {
    constexpr std::size_t kLongest = 4096;
    std::string text(std::min<std::uint64_t>(kLongest, m_source.bytes()), '\0');
    if (!m_source.readBytes(0, text.data(), text.size())) return;
    const std::size_t lineBytes = text.find('\n') + 1;
    if (lineBytes == 0) return;
    text.resize(lineBytes);
    for (const std::uint32_t line : lines) {
        const std::uint64_t offset = (std::uint64_t{line} - 1) * lineBytes;
        if (line == 0 || offset + lineBytes > m_source.bytes()) continue;
        if (!m_source.readBytes(offset, text.data(), lineBytes)) continue;
        const std::string_view filled = std::string_view(text).substr(0, lineBytes - 1);
        keep(line, filled.substr(0, filled.find_last_not_of(' ') + 1));
    }
}

void LineReader::keep(std::uint32_t line, std::string_view text) {
    m_fetched.push_back({line, static_cast<std::uint32_t>(text.size()), m_texts.size()});
    m_texts += text;
}

}  // namespace alloclens
