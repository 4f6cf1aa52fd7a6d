// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tracker's messages as bytes, written from the protocol's description. Shares no code with AllocLens, so that each
// can check the other.
#pragma once

#include <cstddef>
#include <cstdint>

namespace alloclens::load {

enum class Type : std::uint8_t { Allocation = 1, Free = 2, Query = 3, Response = 4 };

struct WireMessage {
    Type type = Type::Allocation;
    std::uint8_t bufferType = 0;
    std::int32_t device = 0;
    std::int32_t pid = 0;
    std::uint64_t size = 0;
    std::uint64_t bufferId = 0;
    std::uint64_t timestamp = 0;
};

inline constexpr std::size_t kLargestRecord = 648;

/// Writes a record of `recordSize` bytes. Requires: `record` has room for them, and recordSize <= kLargestRecord.
void writeRecord(const WireMessage& message, std::size_t recordSize, unsigned char* record);

}  // namespace alloclens::load
