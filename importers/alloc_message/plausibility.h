// SPDX-License-Identifier: GPL-3.0-or-later
//
// How well bytes look like one of the tracker's messages, field by field. Records carry neither a mark nor a length, so
// framing rests on these scores: what programs send scores highest, what no program sends costs points, and nothing
// but an unknown type rules a record out.
#pragma once

#include <cstddef>

#include "importers/alloc_message/message.h"

namespace alloclens::alloc_message {

/// What a place is worth as a message. Whole messages of programs have 12 (a bare query) to 31 points.
struct Fit {
    /// No message: of a type that does not exist, or with something where messages have nothing, as where bytes were
    /// lost and the end belongs to the next record.
    static constexpr int kNone = -1000;

    int score = kNone;
    bool isClean = false;  ///< nothing but padding and time differs from what programs send
};

/// Whether a record of that type can begin with this byte.
[[nodiscard]] constexpr bool isTypeOfMessage(char byte) { return byte >= 1 && byte <= 12; }

/// Judges the first kSmallestRecord bytes, of which `message` was decoded.
[[nodiscard]] Fit judgeHead(const Message& message, const char* record);
/// Adds what the bytes behind them are worth in a record of `size`.
[[nodiscard]] Fit judgeTail(Fit head, std::uint8_t type, const char* record, std::size_t size);

}  // namespace alloclens::alloc_message
