// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/message.h"

#include <cstring>
#include <type_traits>

namespace alloclens::alloc_message {
namespace {

// Byte by byte, so that it does not depend on the machine; compilers make one load or store of it.
template <typename T>
T load(const char* at) {
    std::make_unsigned_t<T> value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        value |= static_cast<std::make_unsigned_t<T>>(
            static_cast<std::make_unsigned_t<T>>(static_cast<unsigned char>(at[i])) << 8 * i);
    }
    return static_cast<T>(value);
}

template <typename T>
void store(char* at, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        at[i] = static_cast<char>(static_cast<std::make_unsigned_t<T>>(value) >> 8 * i & 0xffU);
    }
}

// Offsets of the fields; the bytes between them are padding.
constexpr std::size_t kType = 0;
constexpr std::size_t kDevice = 4;
constexpr std::size_t kSize = 8;
constexpr std::size_t kBufferType = 16;
constexpr std::size_t kPid = 20;
constexpr std::size_t kBufferId = 24;
constexpr std::size_t kTimestamp = 32;
constexpr std::size_t kAllocated = 40;

}  // namespace

Message decode(const char* record) {
    Message message;
    message.type = load<std::uint8_t>(record + kType);
    message.bufferType = load<std::uint8_t>(record + kBufferType);
    message.device = load<std::int32_t>(record + kDevice);
    message.pid = load<std::int32_t>(record + kPid);
    message.size = load<std::uint64_t>(record + kSize);
    message.bufferId = load<std::uint64_t>(record + kBufferId);
    message.timestamp = load<std::uint64_t>(record + kTimestamp);
    for (std::size_t i = 0; i < message.allocated.size(); ++i) {
        message.allocated[i] = load<std::uint64_t>(record + kAllocated + i * sizeof(std::uint64_t));
    }
    return message;
}

void encode(const Message& message, char* record) {
    std::memset(record, 0, kSmallestRecord);
    store(record + kType, message.type);
    store(record + kBufferType, message.bufferType);
    store(record + kDevice, message.device);
    store(record + kPid, message.pid);
    store(record + kSize, message.size);
    store(record + kBufferId, message.bufferId);
    store(record + kTimestamp, message.timestamp);
    for (std::size_t i = 0; i < message.allocated.size(); ++i) {
        store(record + kAllocated + i * sizeof(std::uint64_t), message.allocated[i]);
    }
}

std::optional<Memory> memoryOf(std::uint8_t bufferType, BufferTypes numbering) {
    static constexpr std::array kCpp = {Memory::Dram, Memory::L1, Memory::SystemMemory, Memory::L1Small, Memory::Trace};
    static constexpr std::array kPython = {Memory::Dram, Memory::L1, Memory::L1Small, Memory::Trace};
    if (numbering == BufferTypes::Cpp && bufferType < kCpp.size()) return kCpp[bufferType];
    if (numbering == BufferTypes::Python && bufferType < kPython.size()) return kPython[bufferType];
    return std::nullopt;
}

}  // namespace alloclens::alloc_message
