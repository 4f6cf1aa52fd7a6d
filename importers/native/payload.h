// SPDX-License-Identifier: GPL-3.0-or-later
//
// Gets the payload of a block from a file: read, held against its checksums, unpacked. Damage is told apart from a
// file that cannot be read. Buffers are one thread's; any number of threads may read one file.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "importers/native/format.h"

namespace alloclens::native {

/// Fills a buffer from a place of the file; fewer bytes than asked for mean its end.
using ReadBytes = std::function<Result<std::size_t>(std::uint64_t offset, char* buffer, std::size_t size)>;

/// A block and where it lies.
struct BlockPlace {
    std::uint64_t offset = 0;
    BlockHeader header;
    [[nodiscard]] std::uint64_t end() const { return offset + kBlockHeaderBytes + header.storedBytes; }
    [[nodiscard]] bool is(BlockType type) const { return header.type == static_cast<std::uint8_t>(type); }
};

struct PayloadBuffers {
    std::string stored;
    std::string raw;
};

struct Payload {
    std::string_view bytes;  ///< in the buffers
    std::string damage;      ///< what is wrong with the block, a clause; empty where nothing is
};

/// Reads the block's header again, since an index says only a part of it. Errors are those of reading.
[[nodiscard]] Result<Payload> readPayload(const ReadBytes& read, const BlockPlace& place, PayloadBuffers& buffers);
/// The same without unpacking: `bytes` stay empty.
[[nodiscard]] Result<Payload> checkPayload(const ReadBytes& read, const BlockPlace& place, PayloadBuffers& buffers);

}  // namespace alloclens::native
