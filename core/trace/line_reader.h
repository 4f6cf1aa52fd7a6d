// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines of a source for a report that shows many of them, mostly near each other: the blocks that were read last are
// kept, so that each is read from disk about once. Owned and used by one thread.
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

private:
    struct Block {
        std::vector<std::string> lines;
        std::uint64_t lastUse = 0;
    };

    const SourceText& m_source;
    std::unordered_map<std::uint32_t, Block> m_blocks;
    std::uint64_t m_uses = 0;
};

}  // namespace alloclens
