// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the blocks of a native trace lie: from its index where it has one, else by walking from header to header. What
// is damaged is passed over, up to the next block. Reads no payload but that of the index.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "importers/native/payload.h"

namespace alloclens::native {

/// A part of the file that holds no block that can be read.
struct DamagedRange {
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
    std::string what;  ///< a clause: "the file's header does not match its checksum"
};

struct Layout {
    std::vector<BlockPlace> blocks;  ///< by offset, without the index
    std::vector<DamagedRange> damage;
    bool isFinished = false;        ///< has its trailer
    std::uint64_t bytesBehind = 0;  ///< of an unfinished file: behind the last complete block
};

/// `path` names the file in messages. Errors: it cannot be read, is no native trace, or one of a newer major version.
[[nodiscard]] Result<Layout> readLayout(const ReadBytes& read, std::uint64_t fileBytes, const std::string& path);

/// The first step of readLayout: notes a damaged header in `layout`. Errors as readLayout.
[[nodiscard]] Result<void> readFileHeader(const ReadBytes& read, std::uint64_t fileBytes, const std::string& path,
                                          Layout& layout);

/// Whether a file that begins with these bytes, kFileHeaderBytes and the size of a block's header, is a native trace.
/// Of a damaged beginning the first block tells it.
[[nodiscard]] bool looksNative(std::string_view head);

}  // namespace alloclens::native
