// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/decompress.h"

#include <zlib.h>
#include <zstd.h>

#include <memory>
#include <vector>

namespace alloclens {
namespace {

constexpr std::size_t kChunk = 256 * 1024;

Result<DecompressOutcome> gunzip(const ReadFunction& read, const WriteFunction& write) {
    z_stream stream{};
    constexpr int kGzipWindow = 15 + 16;
    if (inflateInit2(&stream, kGzipWindow) != Z_OK) return Error{ErrorKind::Input, "zlib cannot be set up", {}, {}};
    const std::unique_ptr<z_stream, decltype(&inflateEnd)> owner(&stream, inflateEnd);
    std::vector<char> in(kChunk);
    std::vector<char> out(kChunk);
    bool insideMember = true;
    while (true) {
        const auto got = read(in.data(), in.size());
        if (!got) return got.error();
        if (*got == 0) return DecompressOutcome{insideMember};
        stream.next_in = reinterpret_cast<Bytef*>(in.data());
        stream.avail_in = static_cast<uInt>(*got);
        do {
            // Another member may follow; zero padding or other bytes behind the last one are ignored, as gzip does.
            if (!insideMember && *stream.next_in != 0x1f) return DecompressOutcome{false};
            stream.next_out = reinterpret_cast<Bytef*>(out.data());
            stream.avail_out = static_cast<uInt>(out.size());
            const int status = inflate(&stream, Z_NO_FLUSH);
            if (const auto written = write(out.data(), out.size() - stream.avail_out); !written) return written.error();
            insideMember = status != Z_STREAM_END;
            if (!insideMember) {
                inflateReset(&stream);
            } else if (status != Z_OK && status != Z_BUF_ERROR) {
                return DecompressOutcome{true};
            }
        } while (stream.avail_in > 0 || (insideMember && stream.avail_out == 0));
    }
}

Result<DecompressOutcome> unzstd(const ReadFunction& read, const WriteFunction& write) {
    const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(), ZSTD_freeDStream);
    if (!stream) return Error{ErrorKind::Input, "zstd cannot be set up", {}, {}};
    // Any window that the format has. Memory is taken as it is filled.
    ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, ZSTD_dParam_getBounds(ZSTD_d_windowLogMax).upperBound);
    std::vector<char> in(kChunk);
    std::vector<char> out(kChunk);
    bool insideFrame = false;
    while (true) {
        const auto got = read(in.data(), in.size());
        if (!got) return got.error();
        if (*got == 0) return DecompressOutcome{insideFrame};
        ZSTD_inBuffer source{in.data(), *got, 0};
        bool outputFull = false;
        while (source.pos < source.size || outputFull) {
            ZSTD_outBuffer target{out.data(), out.size(), 0};
            const std::size_t status = ZSTD_decompressStream(stream.get(), &target, &source);
            if (const auto written = write(out.data(), target.pos); !written) return written.error();
            if (ZSTD_isError(status)) return DecompressOutcome{true};
            insideFrame = status != 0;
            outputFull = target.pos == target.size && insideFrame;
        }
    }
}

// A frame with anything but text of its own, which pzstd writes before each frame of text.
bool isSkippableFrame(std::string_view head) {
    return head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xF0U) == 0x50
           && head.substr(1, 3) == "\x2a\x4d\x18";
}

}  // namespace

Compression compressionOf(std::string_view head) {
    if (head.starts_with("\x1f\x8b")) return Compression::Gzip;
    if (head.starts_with("\x28\xb5\x2f\xfd") || isSkippableFrame(head)) return Compression::Zstd;
    return Compression::None;
}

Result<DecompressOutcome> decompress(Compression compression, const ReadFunction& read, const WriteFunction& write) {
    return compression == Compression::Gzip ? gunzip(read, write) : unzstd(read, write);
}

}  // namespace alloclens
