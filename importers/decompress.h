// SPDX-License-Identifier: GPL-3.0-or-later
//
// gzip and zstd streams into a sink, in chunks of bounded size. Concatenated members and frames are one stream, as the
// command-line tools write them.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "core/base/result.h"

namespace alloclens {

enum class Compression { None, Gzip, Zstd };

/// By the stream's first bytes.
[[nodiscard]] Compression compressionOf(std::string_view head);

/// Gives the next compressed bytes, at most `size` of them; 0 at the end.
using ReadFunction = std::function<Result<std::size_t>(char* buffer, std::size_t size)>;
/// Takes decompressed bytes.
using WriteFunction = std::function<Result<void>(const char* bytes, std::size_t size)>;

struct DecompressOutcome {
    bool cutShort = false;  ///< the stream ended inside, or was damaged from some place on
};

/// Errors are those of `read` and `write`; a damaged stream is an outcome, since what came before it is usable.
[[nodiscard]] Result<DecompressOutcome> decompress(Compression compression, const ReadFunction& read,
                                                   const WriteFunction& write);

}  // namespace alloclens
