// SPDX-License-Identifier: GPL-3.0-or-later
//
// Packs a text as the command-line tools do, for tests of what is unpacked.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <bzlib.h>
#include <cstdint>
#include <lz4.h>
#include <lz4frame.h>
#include <lzma.h>
#include <string>
#include <string_view>

namespace alloclens::test {

inline std::string gzip(std::string_view text) {
    z_stream stream{};
    constexpr int kGzipWindow = 15 + 16;
    EXPECT_EQ(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    std::string source(text);
    stream.next_in = reinterpret_cast<Bytef*>(source.data());
    stream.avail_in = static_cast<uInt>(source.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

inline std::string zstd(std::string_view text) {
    std::string packed(ZSTD_compressBound(text.size()), '\0');
    const std::size_t size = ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3);
    EXPECT_EQ(ZSTD_isError(size), 0U);
    packed.resize(size);
    return packed;
}

inline std::string xz(std::string_view text) {
    std::string packed(lzma_stream_buffer_bound(text.size()), '\0');
    std::size_t size = 0;
    EXPECT_EQ(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const std::uint8_t*>(text.data()),
                                      text.size(), reinterpret_cast<std::uint8_t*>(packed.data()), &size,
                                      packed.size()),
              LZMA_OK);
    packed.resize(size);
    return packed;
}

inline std::string bzip2(std::string_view text) {
    std::string source(text);
    constexpr std::size_t kMore = 600;
    std::string packed(source.size() + source.size() / 100 + kMore, '\0');
    auto size = static_cast<unsigned>(packed.size());
    EXPECT_EQ(
        BZ2_bzBuffToBuffCompress(packed.data(), &size, source.data(), static_cast<unsigned>(source.size()), 1, 0, 0),
        BZ_OK);
    packed.resize(size);
    return packed;
}

inline std::string lz4(std::string_view text) {
    std::string packed(LZ4F_compressFrameBound(text.size(), nullptr), '\0');
    const std::size_t size = LZ4F_compressFrame(packed.data(), packed.size(), text.data(), text.size(), nullptr);
    EXPECT_EQ(LZ4F_isError(size), 0U);
    packed.resize(size);
    return packed;
}

/// As "lz4 -l" does.
inline std::string legacyLz4(std::string_view text) {
    constexpr std::size_t kBlock = std::size_t{8} << 20;
    std::string packed = "\x02\x21\x4c\x18";
    for (; !text.empty(); text.remove_prefix(std::min(kBlock, text.size()))) {
        const auto block = static_cast<int>(std::min(kBlock, text.size()));
        std::string bytes(static_cast<std::size_t>(LZ4_compressBound(block)), '\0');
        const int size = LZ4_compress_default(text.data(), bytes.data(), block, static_cast<int>(bytes.size()));
        EXPECT_GT(size, 0);
        for (int shift = 0; shift < 32; shift += 8) packed += static_cast<char>(size >> shift & 0xFF);
        packed.append(bytes, 0, static_cast<std::size_t>(size));
    }
    return packed;
}

using Packer = std::string (*)(std::string_view);
constexpr Packer kPackers[] = {gzip, zstd, xz, bzip2, lz4, legacyLz4};

}  // namespace alloclens::test
