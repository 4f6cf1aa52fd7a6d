// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/format.h"

#include <zlib.h>

#include "importers/native/bytes.h"

namespace alloclens::native {
namespace {

constexpr std::size_t kSumBytes = sizeof(std::uint32_t);

/// Ends what was put from `begin` on with its checksum.
void putSum(std::string& out, std::size_t begin) { putNumber(out, checksum(std::string_view(out).substr(begin))); }

/// Whether the first `size` bytes end in their checksum.
bool hasSum(std::string_view bytes, std::size_t size) {
    return numberAt<std::uint32_t>(bytes, size - kSumBytes) == checksum(bytes.substr(0, size - kSumBytes));
}

}  // namespace

bool isWithinLimits(const BlockHeader& header) {
    return header.storedBytes <= kMostPayloadBytes && header.rawBytes <= kMostPayloadBytes
           && header.events <= kMostEvents && header.lines <= kMostLines;
}

std::uint32_t checksum(std::string_view bytes) {
    return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

void put(std::string& out, const FileHeader& header) {
    const std::size_t begin = out.size();
    out += kFileMagic;
    putNumber(out, header.major);
    putNumber(out, header.minor);
    putNumber(out, std::uint64_t{0});  // for later
    putSum(out, begin);
}

std::optional<FileHeader> takeFileHeader(std::string_view bytes) {
    if (!hasSum(bytes, kFileHeaderBytes)) return std::nullopt;
    return FileHeader{numberAt<std::uint16_t>(bytes, 8), numberAt<std::uint16_t>(bytes, 10)};
}

void put(std::string& out, const BlockHeader& header) {
    const std::size_t begin = out.size();
    out += kBlockMagic;
    putNumber(out, header.type);
    putNumber(out, header.compression);
    putNumber(out, std::uint16_t{0});  // for later
    putNumber(out, header.storedBytes);
    putNumber(out, header.rawBytes);
    putNumber(out, header.events);
    putNumber(out, header.first);
    putNumber(out, header.line);
    putNumber(out, header.lines);
    putNumber(out, header.payloadSum);
    putSum(out, begin);
}

std::optional<BlockHeader> takeBlockHeader(std::string_view bytes) {
    if (!bytes.starts_with(kBlockMagic) || !hasSum(bytes, kBlockHeaderBytes)) return std::nullopt;
    BlockHeader header;
    header.type = numberAt<std::uint8_t>(bytes, 8);
    header.compression = numberAt<std::uint8_t>(bytes, 9);
    header.storedBytes = numberAt<std::uint32_t>(bytes, 12);
    header.rawBytes = numberAt<std::uint32_t>(bytes, 16);
    header.events = numberAt<std::uint32_t>(bytes, 20);
    header.first = numberAt<std::uint64_t>(bytes, 24);
    header.line = numberAt<std::uint32_t>(bytes, 32);
    header.lines = numberAt<std::uint32_t>(bytes, 36);
    header.payloadSum = numberAt<std::uint32_t>(bytes, 40);
    if (!isWithinLimits(header)) return std::nullopt;
    return header;
}

void put(std::string& out, const Trailer& trailer) {
    const std::size_t begin = out.size();
    out += kTrailerMagic;
    putNumber(out, trailer.indexOffset);
    putNumber(out, trailer.fileBytes);
    putNumber(out, std::uint32_t{0});  // for later
    putSum(out, begin);
}

std::optional<Trailer> takeTrailer(std::string_view bytes) {
    if (!bytes.starts_with(kTrailerMagic) || !hasSum(bytes, kTrailerBytes)) return std::nullopt;
    return Trailer{numberAt<std::uint64_t>(bytes, 8), numberAt<std::uint64_t>(bytes, 16)};
}

}  // namespace alloclens::native
