// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads the payload of an events block. Every number is checked before it is used as one: rows lie within their tables,
// lines within the block. Gives a clause that says what is wrong, or an empty one. Buffers are one thread's.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "importers/native/block_encoder.h"
#include "importers/native/columns.h"
#include "importers/native/format.h"

namespace alloclens::native {

/// The events of a block, column by column, as they are stored.
struct EventColumns {
    std::size_t count = 0;
    std::vector<AddressKey> keys;
    std::vector<std::int32_t> processes;
    std::vector<std::uint64_t> sizes;

    std::vector<std::uint64_t> kind;
    std::vector<std::uint64_t> memory;
    std::vector<std::uint64_t> key;      ///< row of the keys and one, or 0
    std::vector<std::uint64_t> process;  ///< row of the processes and one, or 0
    std::vector<std::uint64_t> size;     ///< row of the sizes
    std::vector<std::uint64_t> refCount;
    std::vector<std::uint64_t> line;    ///< from 1 at the block's start, ascending
    std::vector<std::uint64_t> time;    ///< empty where no event has one
    std::vector<std::uint64_t> sender;  ///< as process; empty where no event has one
};

[[nodiscard]] std::string readEvents(const ColumnReader& columns, const BlockHeader& header, EventColumns& events);

/// All else that a block holds goes straight into a part.
[[nodiscard]] std::string readExtras(const ColumnReader& columns, const BlockHeader& header, TracePart& part,
                                     BlockText& text);

/// Adds what was read to an empty part. `attributes` are those of each event, in the part's tables, or empty.
void addEvents(const EventColumns& events, std::span<const Attributes> attributes, TracePart& part);

}  // namespace alloclens::native
