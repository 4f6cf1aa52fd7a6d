// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/decompress.h"

#include <cassert>
#include <vector>

#include "core/base/memory.h"
#include "importers/decompressors.h"

namespace alloclens {
namespace {

using namespace std::string_view_literals;

// A frame without text, which pzstd writes before each frame of text. lz4 uses the same ones.
bool isSkippableFrame(std::string_view head) {
    return head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xF0U) == 0x50
           && head.substr(1, 3) == "\x2a\x4d\x18";
}

std::size_t skippableFrameBytes(std::string_view head) {
    constexpr std::size_t kHeaderBytes = 8;
    std::size_t size = 0;
    for (std::size_t i = 4; i < kHeaderBytes && i < head.size(); ++i)
        size |= std::size_t{static_cast<unsigned char>(head[i])} << (8 * (i - 4));
    return kHeaderBytes + size;
}

// The old lzma format has no signature: checks for the usual properties, and for a size that is small or unknown.
bool isLzma(std::string_view head) {
    constexpr std::size_t kHeaderBytes = 13;
    return head.size() >= kHeaderBytes && head.starts_with("\x5d\0\0"sv)
           && (head[kHeaderBytes - 1] == '\0' || head[kHeaderBytes - 1] == '\xff');
}

bool isBzip2(std::string_view head) {
    constexpr std::string_view kBlock = "\x31\x41\x59\x26\x53\x59";
    constexpr std::string_view kEnd = "\x17\x72\x45\x38\x50\x90";
    if (!head.starts_with("BZh") || head.size() < 10 || head[3] < '1' || head[3] > '9') return false;
    return head.substr(4, 6) == kBlock || head.substr(4, 6) == kEnd;
}

}  // namespace

Compression compressionOf(std::string_view head) {
    if (head.starts_with("\x1f\x8b")) return Compression::Gzip;
    if (head.starts_with("\x28\xb5\x2f\xfd")) return Compression::Zstd;
    if (head.starts_with("\xfd\x37\x7a\x58\x5a\0"sv) || head.starts_with("LZIP\x01") || isLzma(head))
        return Compression::Xz;
    if (isBzip2(head)) return Compression::Bzip2;
    if (head.starts_with("\x04\x22\x4d\x18") || head.starts_with("\x02\x21\x4c\x18")) return Compression::Lz4;
    if (!isSkippableFrame(head)) return Compression::None;
    const std::size_t skipped = skippableFrameBytes(head);
    const auto next = skipped < head.size() ? compressionOf(head.substr(skipped)) : Compression::Zstd;
    return next == Compression::Lz4 ? Compression::Lz4 : Compression::Zstd;
}

Error noMemoryToUnpack() { return outOfMemory({}); }

Result<std::unique_ptr<Decompressor>> makeDecompressor(Compression compression) {
    assert(compression != Compression::None);
    std::unique_ptr<Decompressor> made;
    switch (compression) {
    case Compression::None: break;
    case Compression::Gzip: made = makeGunzip(); break;
    case Compression::Zstd: made = makeUnzstd(); break;
    case Compression::Xz: made = makeUnxz(); break;
    case Compression::Bzip2: made = makeBunzip2(); break;
    case Compression::Lz4: made = makeUnlz4(); break;
    }
    if (!made) return noMemoryToUnpack();
    return made;
}

Result<DecompressOutcome> decompress(Compression compression, const ReadFunction& read, const WriteFunction& write) {
    const auto stream = makeDecompressor(compression);
    if (!stream) return stream.error();
    std::vector<char> in(kUnpackedChunk);
    while (true) {
        const auto got = read(in.data(), in.size());
        if (!got) return got.error();
        if (*got == 0) return DecompressOutcome{(*stream)->isInside()};
        const auto state = (*stream)->take(std::string_view(in.data(), *got), write);
        if (!state) return state.error();
        if (*state != Decompressor::State::Running) return DecompressOutcome{*state == Decompressor::State::Damaged};
    }
}

}  // namespace alloclens
