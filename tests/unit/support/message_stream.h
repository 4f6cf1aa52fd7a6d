// SPDX-License-Identifier: GPL-3.0-or-later
//
// Messages as a program of the tracker's clients packs them, byte by byte from the table in
// docs/formats/alloc-message.md and without the importer's own encoder, and random streams of them.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace alloclens::test {

struct SentMessage {
    std::uint8_t type = 1;
    std::int32_t device = 0;
    std::uint64_t size = 0;
    std::uint8_t bufferType = 0;
    std::int32_t pid = 0;
    std::uint64_t bufferId = 0;
    std::uint64_t timestamp = 0;
};

template <typename T>
void putNumber(std::string& record, std::size_t offset, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
        record[offset + i] = static_cast<char>(static_cast<std::uint64_t>(value) >> 8 * i & 0xffU);
}

inline std::string packed(const SentMessage& message, std::size_t recordSize) {
    std::string record(recordSize, '\0');
    putNumber(record, 0, message.type);
    putNumber(record, 4, message.device);
    putNumber(record, 8, message.size);
    putNumber(record, 16, message.bufferType);
    putNumber(record, 20, message.pid);
    putNumber(record, 24, message.bufferId);
    putNumber(record, 32, message.timestamp);
    return record;
}

constexpr std::uint64_t kSomeTime = 1'772'142'970'191'000'000;  // 2026-02-26, in ns

inline SentMessage allocation(std::int32_t device, std::uint64_t id, std::uint64_t size, std::int32_t pid = 1234,
                              std::uint8_t bufferType = 1, std::uint64_t timestamp = kSomeTime) {
    return {1, device, size, bufferType, pid, id, timestamp};
}
inline SentMessage release(std::int32_t device, std::uint64_t id, std::int32_t pid = 1234) {
    return {2, device, 0, 0, pid, id, 0};
}
inline SentMessage query(std::int32_t pid = 0) { return {3, 0, 0, 0, pid, 0, 0}; }

/// A random client: allocations and frees, a few other messages, names and stack traces in the largest records.
class RandomMessages {
public:
    explicit RandomMessages(unsigned seed) : m_random(seed), m_hasDirtyPads(seed % 3 == 0) {}

    std::string next(std::size_t recordSize) {
        SentMessage message;
        const std::uint64_t kind = below(100);
        message.device = static_cast<std::int32_t>(below(8));
        message.pid = static_cast<std::int32_t>(20'000 + below(4));
        message.bufferId = 101'152 + 32 * below(std::uint64_t{1} << (8 + below(24)));
        m_time += below(100'000);
        if (kind < 50) {
            message.size = 32 * (1 + below(std::uint64_t{1} << (1 + below(22))));
            message.bufferType = static_cast<std::uint8_t>(below(5));
            message.timestamp = m_time;
        } else if (kind < 90) {
            message.type = 2;
        } else {
            message = other(below(10), message);
        }
        std::string record = packed(message, recordSize);
        if (m_hasDirtyPads) {
            for (const std::size_t pad : {1U, 2U, 3U, 17U, 18U, 19U}) record[pad] = static_cast<char>(below(256));
        }
        if (recordSize == 648 && below(4) != 0) {
            putText(record, 72, 64, "buffer of layer ");
            putText(record, 136, 512, "#0 tt::tt_metal::Buffer::allocate() at buffer.cpp:211\n#1 main ");
        }
        return record;
    }

    std::uint64_t below(std::uint64_t limit) { return m_random() % limit; }

private:
    SentMessage other(std::uint64_t kind, SentMessage message) {
        if (kind < 4) return query(kind < 2 ? message.pid : 0);
        if (kind == 4) return {6, -1, 0, 0, 0, 0, 0};
        if (kind == 5) return {5, 0, 0, 0, message.pid, 0, 0};
        if (kind == 6) return {8, message.device, 4096, 0, message.pid, message.bufferId, m_time};
        if (kind == 7) return {9, message.device, 4096, 0, message.pid, message.bufferId, 0};
        if (kind == 8) return {10, message.device, 65'536, 1, message.pid, 0x7f12'3456'7890, m_time};
        return {11, message.device, 65'536, 1, message.pid, 0x7f12'3456'7890, 0};
    }
    void putText(std::string& record, std::size_t offset, std::size_t room, std::string text) {
        const std::size_t length = 1 + below(room - 1);
        while (text.size() < length) text += "frame " + std::to_string(below(1000)) + '\n';
        record.replace(offset, length, text, 0, length);
    }

    std::mt19937_64 m_random;
    bool m_hasDirtyPads;
    std::uint64_t m_time = kSomeTime;
};

}  // namespace alloclens::test
