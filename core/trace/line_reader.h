// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines of a source for a report that shows many of them. Lines near each other come from the blocks that were read
// last, which are kept, so that each is read from disk about once. Lines far apart are fetched together, in the order
// of the source: to unpack or make a block of lines is dear where each line is of another one. Owned and used by one
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/trace/source_text.h"

namespace alloclens {

class LineReader {
public:
    explicit LineReader(const SourceText& source) : m_source(source) {}

    /// The verbatim text of a 1-based line; valid until the next call. Errors as SourceText::lineText.
    [[nodiscard]] Result<std::string_view> line(std::uint32_t line);

    /// Reads these lines, in any order, and keeps them in place of those that were fetched before, as far as 64 MiB
    /// hold them. What cannot be read is left to line(), which says why.
    void fetch(std::vector<std::uint32_t> lines);

private:
    struct Fetched {
        std::uint32_t line;
        std::uint32_t size;
        std::size_t begin;  ///< in m_texts
    };
    void fetchPadded(const std::vector<std::uint32_t>& lines);
    void keep(std::uint32_t line, std::string_view text);

    struct Block {
        std::vector<std::string> lines;
        std::uint64_t lastUse = 0;
    };

    const SourceText& m_source;
    std::unordered_map<std::uint32_t, Block> m_blocks;
    std::uint64_t m_uses = 0;
    std::vector<Fetched> m_fetched;  ///< sorted by line
    std::string m_texts;
};

}  // namespace alloclens
