// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes the payload of an events block: tables of the keys, processes and sizes that its events name, and columns of
// their row numbers, so that the block can be read without any other. Owned by one writer; keeps its room from block
// to block.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/interner.h"
#include "importers/native/block.h"

namespace alloclens::native {

/// The text of a block, which is stored in blocks of its own before it.
struct BlockText {
    std::uint64_t before = 0;  ///< bytes of the file's text before it
    std::uint64_t bytes = 0;
    std::vector<std::uint64_t> marks;  ///< where each kLinesPerMark-th line begins
    bool endsInLine = false;           ///< the last line has no end
};

class BlockEncoder {
public:
    /// Replaces `payload`.
    void encode(const Block& block, const BlockText& text, std::string& payload);

private:
    void number(const Block& block);

    KeyInterner m_keys;
    PidInterner m_pids;
    SizeInterner m_sizes;
    struct Row {
        std::uint32_t key;
        std::uint32_t process;
        std::uint32_t size;
        std::uint32_t sender;
    };
    std::vector<Row> m_rows;
};

}  // namespace alloclens::native
