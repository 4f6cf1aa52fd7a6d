// SPDX-License-Identifier: GPL-3.0-or-later
//
// The frame of the native trace (docs/formats/alens.md): the file's header, the header of a block, the trailer, and
// the limits that a reader holds them to before it allocates anything. Values and free functions, for any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace alloclens::native {

// A byte above 127, then CR LF, then ^Z, then LF: what a transfer as text would change.
inline constexpr std::string_view kFileMagic = "\x89\x41LE\r\n\x1a\n";
inline constexpr std::string_view kBlockMagic = "\xab\x41LB\r\n\x1a\n";
inline constexpr std::string_view kTrailerMagic = "\xab\x41LZ\r\n\x1a\n";
inline constexpr std::size_t kMagicBytes = 8;
static_assert(kFileMagic.size() == kMagicBytes && kBlockMagic.size() == kMagicBytes);
static_assert(kTrailerMagic.size() == kMagicBytes);

inline constexpr std::uint16_t kMajorVersion = 1;
inline constexpr std::uint16_t kMinorVersion = 0;
/// Of a file whose events may have attributes, which an older program passes over.
inline constexpr std::uint16_t kMinorVersionWithAttributes = 1;

inline constexpr std::size_t kFileHeaderBytes = 24;
inline constexpr std::size_t kBlockHeaderBytes = 48;
inline constexpr std::size_t kTrailerBytes = 32;

/// The most that the payload of a block holds, unpacked and as it is stored.
inline constexpr std::uint32_t kMostPayloadBytes = std::uint32_t{64} << 20;
inline constexpr std::uint32_t kMostEvents = std::uint32_t{1} << 20;       ///< of one block
inline constexpr std::uint32_t kMostLines = std::uint32_t{1} << 24;        ///< of one block
inline constexpr std::uint32_t kMostDiagnostics = std::uint32_t{1} << 16;  ///< of one block, with their texts
/// Text is stored in pieces of this size, so that a line is shown without unpacking much.
inline constexpr std::size_t kTextPieceBytes = std::size_t{256} << 10;
/// One place in the text is kept for so many lines.
inline constexpr std::uint32_t kLinesPerMark = 256;

enum class BlockType : std::uint8_t { Description = 1, Text = 2, Events = 3, Note = 4, Index = 5 };
enum class Compression : std::uint8_t { None = 0, Zstd = 1 };

struct FileHeader {
    std::uint16_t major = kMajorVersion;
    std::uint16_t minor = kMinorVersion;
};

struct BlockHeader {
    std::uint8_t type = 0;  ///< a BlockType, or one of a newer program
    std::uint8_t compression = 0;
    std::uint32_t storedBytes = 0;  ///< of the payload in the file
    std::uint32_t rawBytes = 0;     ///< of the payload, unpacked
    std::uint32_t events = 0;       ///< in the block
    std::uint64_t first = 0;        ///< of a text block: bytes of text before it; of others: events before it
    std::uint32_t line = 0;         ///< lines before the block
    std::uint32_t lines = 0;        ///< of an events block: lines that it covers
    std::uint32_t payloadSum = 0;   ///< CRC-32 of the payload as stored
    friend bool operator==(const BlockHeader&, const BlockHeader&) = default;
};

/// The last bytes of a finished file.
struct Trailer {
    std::uint64_t indexOffset = 0;
    std::uint64_t fileBytes = 0;  ///< with the trailer
};

/// Whether a block may be as large as its header says.
[[nodiscard]] bool isWithinLimits(const BlockHeader& header);

[[nodiscard]] std::uint32_t checksum(std::string_view bytes);

void put(std::string& out, const FileHeader& header);
void put(std::string& out, const BlockHeader& header);
void put(std::string& out, const Trailer& trailer);

/// None where the checksum does not match; `bytes` has at least kFileHeaderBytes, and its magic has been looked at.
[[nodiscard]] std::optional<FileHeader> takeFileHeader(std::string_view bytes);
/// None where magic or checksum do not match or a length is beyond the limits; `bytes` has at least kBlockHeaderBytes.
[[nodiscard]] std::optional<BlockHeader> takeBlockHeader(std::string_view bytes);
/// `bytes` has at least kTrailerBytes.
[[nodiscard]] std::optional<Trailer> takeTrailer(std::string_view bytes);

}  // namespace alloclens::native
