// SPDX-License-Identifier: GPL-3.0-or-later
//
// Unpacks gzip, zstd, xz, bzip2 and lz4 streams in chunks of bounded size. Concatenated members and frames are one
// stream, as the command-line tools write them. Bytes may come in pieces of any size, so that a stream may contain
// another one. A decompressor is used by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "core/base/result.h"

namespace alloclens {

enum class Compression { None, Gzip, Zstd, Xz, Bzip2, Lz4 };

/// As many first bytes identify any compression, except after a frame to skip.
constexpr std::size_t kCompressionMagicBytes = 16;
/// Identifies the compression by a stream's first bytes. Xz includes lzma and lzip, which the same library unpacks.
[[nodiscard]] Compression compressionOf(std::string_view head);

/// Reads the next compressed bytes, at most `size`. Returns 0 at the end.
using ReadFunction = std::function<Result<std::size_t>(char* buffer, std::size_t size)>;
/// Receives decompressed bytes.
using WriteFunction = std::function<Result<void>(const char* bytes, std::size_t size)>;

class Decompressor {
public:
    Decompressor() = default;
    Decompressor(const Decompressor&) = delete;
    Decompressor& operator=(const Decompressor&) = delete;
    virtual ~Decompressor() = default;

    enum class State {
        Running,  ///< more may follow
        Ended,    ///< the last member is complete; ignores what follows, as gzip does
        Damaged,  ///< the rest cannot be unpacked
    };
    /// Unpacks the next bytes of the stream. Errors: those of `write`; memory ran out.
    [[nodiscard]] virtual Result<State> take(std::string_view bytes, const WriteFunction& write) = 0;
    /// Whether the stream would be cut short if it ended here.
    [[nodiscard]] virtual bool isInside() const = 0;
};

/// Requires: `compression` is not None. Errors: the library cannot be set up.
[[nodiscard]] Result<std::unique_ptr<Decompressor>> makeDecompressor(Compression compression);

struct DecompressOutcome {
    bool cutShort = false;  ///< the stream ended too early, or was damaged from some point on
};

/// Unpacks a whole stream. Errors: those of `read` and `write`. A damaged stream is an outcome instead, since what came
/// before the damage is usable.
[[nodiscard]] Result<DecompressOutcome> decompress(Compression compression, const ReadFunction& read,
                                                   const WriteFunction& write);

}  // namespace alloclens
