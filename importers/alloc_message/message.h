// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tracker's messages as they travel on its socket (docs/formats/alloc-message.md): packed little-endian records of
// five sizes that share their first 72 bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/trace/event.h"

namespace alloclens::alloc_message {

enum class MessageType : std::uint8_t {
    Allocation = 1,
    Free = 2,
    Query = 3,
    Response = 4,
    DumpRemaining = 5,
    DeviceInfoQuery = 6,
    DeviceInfoResponse = 7,
    CircularBufferAllocation = 8,
    CircularBufferFree = 9,
    KernelLoad = 10,
    KernelUnload = 11,
    DumpKernels = 12,
};

/// The sizes of records, in bytes, by age of the programs that send them; the last holds a name and a stack trace.
inline constexpr std::array<std::size_t, 5> kRecordSizes = {72, 112, 128, 144, 648};
inline constexpr std::size_t kSmallestRecord = 72;
inline constexpr std::size_t kLargestRecord = 648;
/// Texts of the largest records: the buffer's name and the call stack.
inline constexpr std::size_t kNameOffset = 72;
inline constexpr std::size_t kNameBytes = 64;
inline constexpr std::size_t kStackOffset = 136;
inline constexpr std::size_t kStackBytes = 512;
static_assert(kStackOffset + kStackBytes == kLargestRecord);

/// What all sizes share. `type` and `bufferType` are as sent and may be anything.
struct Message {
    std::uint8_t type = 0;
    std::uint8_t bufferType = 0;
    std::int32_t device = 0;
    std::int32_t pid = 0;
    std::uint64_t size = 0;
    std::uint64_t bufferId = 0;
    std::uint64_t timestamp = 0;  ///< ns or us since 1970; 0 on frees
    /// Answers to Query: bytes of DRAM, L1, L1_SMALL and TRACE.
    std::array<std::uint64_t, 4> allocated = {};
};

/// How buffer types are numbered: as the C++ programs do, or as Python's enumeration, which lacks SYSTEM_MEMORY.
enum class BufferTypes : std::uint8_t { Cpp, Python };

/// Reads the first kSmallestRecord bytes of a record.
[[nodiscard]] Message decode(const char* record);
/// Writes kSmallestRecord bytes; what a larger record has behind them is the caller's.
void encode(const Message& message, char* record);

/// The memory that a message's buffer type means, or none for numbers that no program sends.
[[nodiscard]] std::optional<Memory> memoryOf(std::uint8_t bufferType, BufferTypes numbering);

}  // namespace alloclens::alloc_message
