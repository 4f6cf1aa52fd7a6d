// SPDX-License-Identifier: GPL-3.0-or-later
//
// Unpacks compressed streams (gzip, zstd, xz, bzip2, lz4) in chunks of bounded size. Concatenated members and frames
// are one stream, as the command-line tools write them. Bytes go in as they come, so that one stream may be inside
// another. A decompressor belongs to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "core/base/result.h"

namespace alloclens {

enum class Compression { None, Gzip, Zstd, Xz, Bzip2, Lz4 };

/// So many first bytes are enough to tell any compression, except after a frame that is to be skipped.
constexpr std::size_t kCompressionMagicBytes = 16;
/// By the stream's first bytes. Xz stands for lzma and lzip too, which the same library unpacks.
[[nodiscard]] Compression compressionOf(std::string_view head);

/// Gives the next compressed bytes, at most `size` of them; 0 at the end.
using ReadFunction = std::function<Result<std::size_t>(char* buffer, std::size_t size)>;
/// Takes decompressed bytes.
using WriteFunction = std::function<Result<void>(const char* bytes, std::size_t size)>;

class Decompressor {
public:
    Decompressor() = default;
    Decompressor(const Decompressor&) = delete;
    Decompressor& operator=(const Decompressor&) = delete;
    virtual ~Decompressor() = default;

    enum class State {
        Running,  ///< more may come
        Ended,    ///< what follows the last member is not of the stream and is ignored, as gzip does
        Damaged,  ///< nothing more can be unpacked
    };
    /// Unpacks the next bytes of the stream. Errors: those of `write`; memory ran out.
    [[nodiscard]] virtual Result<State> take(std::string_view bytes, const WriteFunction& write) = 0;
    /// If the stream ended here it would be cut short.
    [[nodiscard]] virtual bool isInside() const = 0;
};

/// Errors: the library cannot be set up.
[[nodiscard]] Result<std::unique_ptr<Decompressor>> makeDecompressor(Compression compression);

struct DecompressOutcome {
    bool cutShort = false;  ///< the stream ended inside, or was damaged from some place on
};

/// Errors are those of `read` and `write`; a damaged stream is an outcome, since what came before it is usable.
[[nodiscard]] Result<DecompressOutcome> decompress(Compression compression, const ReadFunction& read,
                                                   const WriteFunction& write);

}  // namespace alloclens
