// SPDX-License-Identifier: GPL-3.0-or-later
//
// A stretch of a native trace: an events block and the text blocks before it, read, held against their checksums and
// unpacked, but for the text, which is unpacked when it is shown. Free functions and plain values; buffers and parts
// are one thread's, any number of threads may read one file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/trace/trace_builder.h"
#include "importers/native/block_decoder.h"
#include "importers/native/native_text.h"
#include "importers/native/payload.h"

namespace alloclens::native {

/// Numbers of blocks of a layout.
struct Stretch {
    std::size_t firstText = 0;  ///< text blocks lie from here up to the events block
    std::size_t events = 0;
};

/// The stretches of all events blocks from block `from` on, which is behind one.
[[nodiscard]] std::vector<Stretch> stretchesOf(std::span<const BlockPlace> blocks, std::size_t from = 0);

struct StretchPart {
    TracePart trace;
    BlockText text;
    std::vector<TextSpan> spans;  ///< the stored text, from 0; empty where there is none or it is damaged
    std::string damage;           ///< of the events block
    std::vector<std::pair<std::size_t, std::string>> textDamage;  ///< by number of the block

    void clear();
};

struct StretchBuffers {
    PayloadBuffers payload;
    EventColumns events;
    std::vector<Attributes> attributes;
};

/// Fills an empty part. Errors are those of reading; damage is told in the part.
[[nodiscard]] Result<void> readStretch(const ReadBytes& read, std::span<const BlockPlace> blocks,
                                       const Stretch& stretch, StretchBuffers& buffers, StretchPart& part);

}  // namespace alloclens::native
