// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads one stretch of a server log. A line belongs to the stretch in which it begins, so that stretches can be read in
// any order by any threads and still give the same trace.
#pragma once

#include "core/base/result.h"
#include "core/trace/trace_builder.h"
#include "importers/input.h"
#include "importers/server_log/damage.h"
#include "importers/server_log/event_line.h"

namespace alloclens::server_log {

/// The size of the stretches, of the pieces in which they are read, which stay in the processor's cache until they are
/// parsed, and of the longest line that is read as a whole; tests make them small.
struct Limits {
    std::uint64_t stretchBytes = std::uint64_t{2} << 20;
    std::uint64_t pieceBytes = std::uint64_t{256} << 10;
    std::size_t wholeLineBytes = std::size_t{1} << 20;  ///< a longer one is read in pieces
    bool isUnframed = false;  ///< lines may be marks of those that were joined (frames/line_joiner.h)
};

struct Part {
    TracePart trace;
    Generation generation;
    Damage damage;

    void clear() {
        trace.clear();
        damage.clear();
        generation = {};
    }
};

/// Room that reading a stretch needs; one a thread, kept from stretch to stretch.
struct ReadBuffers {
    std::vector<char> bytes;
    std::string plain;
};

/// Reads the lines that begin in [begin, end) of the input into an empty part. Errors are the input's.
[[nodiscard]] Result<void> readPart(const Input& input, std::uint64_t begin, std::uint64_t end, const Limits& limits,
                                    ReadBuffers& buffers, Part& part);

}  // namespace alloclens::server_log
