// SPDX-License-Identifier: GPL-3.0-or-later
//
// A native trace taken apart into its blocks, unpacked, and put together again with right checksums, so that a test or
// a fuzzer can change what stands behind them. Needs no GoogleTest.
#pragma once

#include <zstd.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "importers/native/columns.h"
#include "importers/native/format.h"

namespace alloclens::test {

struct NativeBlock {
    native::BlockHeader header;
    std::string payload;  ///< unpacked
    [[nodiscard]] bool is(native::BlockType type) const { return header.type == static_cast<std::uint8_t>(type); }
};

struct NativeFile {
    native::FileHeader header;
    std::vector<NativeBlock> blocks;  ///< with the index where there is one
};

/// A block's payload, unpacked; none where it cannot be.
[[nodiscard]] inline std::optional<std::string> unpacked(const native::BlockHeader& header, std::string_view stored) {
    if (header.compression == static_cast<std::uint8_t>(native::Compression::None)) return std::string(stored);
    std::string raw(header.rawBytes, '\0');
    const std::size_t size = ZSTD_decompress(raw.data(), raw.size(), stored.data(), stored.size());
    if (ZSTD_isError(size) != 0) return std::nullopt;
    raw.resize(size);
    return raw;
}

/// The blocks from the beginning up to the first that cannot be read.
[[nodiscard]] inline NativeFile takeApart(std::string_view bytes) {
    NativeFile file;
    if (bytes.size() < native::kFileHeaderBytes) return file;
    file.header = native::takeFileHeader(bytes).value_or(native::FileHeader{});
    bytes.remove_prefix(native::kFileHeaderBytes);
    while (bytes.size() >= native::kBlockHeaderBytes) {
        const auto header = native::takeBlockHeader(bytes);
        if (!header || bytes.size() - native::kBlockHeaderBytes < header->storedBytes) break;
        auto payload = unpacked(*header, bytes.substr(native::kBlockHeaderBytes, header->storedBytes));
        if (!payload) break;
        file.blocks.push_back({*header, std::move(*payload)});
        bytes.remove_prefix(native::kBlockHeaderBytes + header->storedBytes);
    }
    return file;
}

inline void putBlock(std::string& out, native::BlockHeader header, std::string_view payload) {
    header.compression = static_cast<std::uint8_t>(native::Compression::None);
    header.storedBytes = header.rawBytes = static_cast<std::uint32_t>(payload.size());
    header.payloadSum = native::checksum(payload);
    put(out, header);
    out += payload;
}

/// The payload of an index of the blocks that lie there.
[[nodiscard]] inline std::string indexOf(const std::vector<std::uint64_t>& offsets,
                                         const std::vector<native::BlockHeader>& headers) {
    using native::ColumnId;
    std::string payload;
    native::ColumnWriter columns(payload);
    const auto column = [&](ColumnId id, auto valueOf) {
        columns.rows(id, headers.size(), [&](std::size_t i) { return valueOf(headers[i]); });
    };
    columns.numbers(ColumnId::BlockOffset, offsets);
    column(ColumnId::BlockKind, [](const auto& header) { return std::uint64_t{header.type}; });
    column(ColumnId::BlockStored, [](const auto& header) { return header.storedBytes; });
    column(ColumnId::BlockRaw, [](const auto& header) { return header.rawBytes; });
    column(ColumnId::BlockEvents, [](const auto& header) { return header.events; });
    column(ColumnId::BlockFirst, [](const auto& header) { return header.first; });
    column(ColumnId::BlockLine, [](const auto& header) { return header.line; });
    column(ColumnId::BlockLines, [](const auto& header) { return header.lines; });
    return payload;
}

/// Payloads are stored unpacked, the sizes in headers made to fit. An index is made anew where the file had one, or
/// kept as it is, and a trailer follows it.
[[nodiscard]] inline std::string putTogether(const NativeFile& file, bool makesIndex = true) {
    std::string out;
    put(out, file.header);
    std::vector<std::uint64_t> offsets;
    std::vector<native::BlockHeader> headers;
    for (const NativeBlock& block : file.blocks) {
        const std::uint64_t offset = out.size();
        const bool isIndex = block.is(native::BlockType::Index);
        putBlock(out, block.header, isIndex && makesIndex ? indexOf(offsets, headers) : block.payload);
        if (isIndex) {
            put(out, native::Trailer{offset, out.size() + native::kTrailerBytes});
            continue;
        }
        offsets.push_back(offset);
        headers.push_back(block.header);
        headers.back().storedBytes = headers.back().rawBytes = static_cast<std::uint32_t>(block.payload.size());
    }
    return out;
}

}  // namespace alloclens::test
