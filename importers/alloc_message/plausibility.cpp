// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/plausibility.h"

#include <algorithm>
#include <cstring>

#include "core/tracker/server_limits.h"

namespace alloclens::alloc_message {
namespace {

constexpr std::int32_t kLargestPid = 1 << 22;                 // the kernel's own limit
constexpr std::uint64_t kLargestId = std::uint64_t{1} << 48;  // addresses, and pointers that name kernels
constexpr std::uint64_t kLargestSum = std::uint64_t{1} << 48;

/// Points of a field, and whether they speak against the record.
class Points {
public:
    void give(int points) { m_fit.score += points; }
    void take(int points) {
        m_fit.score -= points;
        m_fit.isClean = false;
    }
    /// What speaks against the record so lightly that it stays clean.
    void dent(int points) { m_fit.score -= points; }
    void spoil() { m_fit = {}; }
    [[nodiscard]] Fit fit() const { return m_fit; }

private:
    Fit m_fit{0, true};
};

bool isTime(std::uint64_t timestamp) {
    constexpr std::uint64_t kFrom = 1'300'000'000;  // 2011, in seconds
    constexpr std::uint64_t kTo = 2'600'000'000;    // 2052
    constexpr std::uint64_t kMicro = 1'000'000;
    constexpr std::uint64_t kNano = 1'000'000'000;
    return (timestamp >= kFrom * kNano && timestamp < kTo * kNano)
           || (timestamp >= kFrom * kMicro && timestamp < kTo * kMicro);
}

void judgeDevice(std::int32_t device, bool mayBeNone, Points& points) {
    if (device >= (mayBeNone ? -1 : 0) && device < kMostDevices) return points.give(3);
    points.take(8);
}

void judgePid(std::int32_t pid, bool mayBeNone, Points& points) {
    if (pid > 0 && pid <= kLargestPid) return points.give(4);
    if (pid == 0 && mayBeNone) return;
    points.take(pid == 0 ? 4 : 10);
}

void judgeAllocation(const Message& message, Points& points) {
    judgeDevice(message.device, false, points);
    judgePid(message.pid, false, points);
    isServersSize(message.size) ? points.give(4) : points.take(message.size == 0 ? 4 : 10);
    message.bufferType <= kLastBufferType ? points.give(1) : points.take(4);
    message.bufferId < kLargestId ? points.give(2) : points.take(4);
    isTime(message.timestamp) ? points.give(8) : points.dent(message.timestamp == 0 ? 2 : 6);
}

void judgeFree(const Message& message, Points& points) {
    const bool mayHaveSize = message.type != static_cast<std::uint8_t>(MessageType::Free);
    judgeDevice(message.device, false, points);
    judgePid(message.pid, false, points);
    if (message.size <= kLargestAllocation) {
        message.size == 0 || mayHaveSize ? points.give(3) : points.dent(1);
    } else {
        points.take(8);
    }
    message.bufferType <= kLastBufferType ? points.give(message.bufferType == 0) : points.take(4);
    message.bufferId < kLargestId ? points.give(message.bufferId != 0 ? 2 : 0) : points.take(4);
    if (message.bufferId == 0 && message.pid == 0) points.take(8);  // zeros behind any 2
    if (message.timestamp == 0) return points.give(4);
    isTime(message.timestamp) ? points.give(0) : points.take(8);
}

void judgeQuestion(const Message& message, Points& points) {
    judgeDevice(message.device, true, points);
    judgePid(message.pid, true, points);
    message.size == 0 ? points.give(1) : points.take(4);
    message.bufferType == 0 ? points.give(1) : points.take(10);
    message.bufferId == 0 ? points.give(1) : points.take(14);
    message.timestamp == 0 || isTime(message.timestamp) ? points.give(1) : points.take(6);
}

bool isZero(const char* bytes, std::size_t count) {
    std::uint64_t all = 0;
    std::size_t i = 0;
    for (; i + sizeof(all) <= count; i += sizeof(all)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes + i, sizeof(word));
        all |= word;
    }
    for (; i < count; ++i) all |= static_cast<unsigned char>(bytes[i]);
    return all == 0;
}

/// A field of text: its characters, then nothing but NUL. A text that fills its field may lack one.
bool isTextField(const char* bytes, std::size_t count) {
    const auto* end = static_cast<const char*>(std::memchr(bytes, '\0', count));
    if (end == nullptr) end = bytes + count;
    bool isText = true;
    for (const char* at = bytes; at < end; ++at) {
        const auto byte = static_cast<unsigned char>(*at);
        isText &= byte >= 0x20 || byte == '\n' || byte == '\t' || byte == '\r' || byte == 0x1b;
    }
    return isText && isZero(end, static_cast<std::size_t>(bytes + count - end));
}

bool isAnswer(std::uint8_t type) {
    return type == static_cast<std::uint8_t>(MessageType::Response)
           || type == static_cast<std::uint8_t>(MessageType::DeviceInfoResponse);
}

}  // namespace

Fit judgeHead(const Message& message, const char* record) {
    Points points;
    switch (static_cast<MessageType>(message.type)) {
    case MessageType::Allocation:
    case MessageType::CircularBufferAllocation:
    case MessageType::KernelLoad: judgeAllocation(message, points); break;
    case MessageType::Free:
    case MessageType::CircularBufferFree:
    case MessageType::KernelUnload: judgeFree(message, points); break;
    case MessageType::Query:
    case MessageType::DumpRemaining:
    case MessageType::DeviceInfoQuery:
    case MessageType::DumpKernels:
    case MessageType::Response:
    case MessageType::DeviceInfoResponse: judgeQuestion(message, points); break;
    default: return {};
    }
    // Programs may leave padding as it was in memory.
    const bool hasZeroPads = ((record[1] | record[2] | record[3]) | (record[17] | record[18] | record[19])) == 0;
    hasZeroPads ? points.give(2) : points.dent(1);
    if (!isAnswer(message.type)) {
        const auto& sums = message.allocated;
        (sums[0] | sums[1] | sums[2] | sums[3]) == 0 ? points.give(3) : points.spoil();
    } else {
        const bool isSane = std::all_of(message.allocated.begin(), message.allocated.end(),
                                        [](std::uint64_t sum) { return sum < kLargestSum; });
        isSane ? points.give(3) : points.spoil();
    }
    return points.fit();
}

Fit judgeTail(Fit head, std::uint8_t type, const char* record, std::size_t size) {
    if (size <= kSmallestRecord) return head;
    const char* tail = record + kSmallestRecord;
    const std::size_t count = size - kSmallestRecord;
    bool fits = false;
    if (size == kLargestRecord) {
        fits = isTextField(tail, kNameBytes) && isTextField(tail + kNameBytes, count - kNameBytes);
    } else {
        // Answers hold numbers here, the last of them small.
        fits = isAnswer(type) ? record[size - 1] == 0 : isZero(tail, count);
    }
    if (!fits) return {};
    head.score += 3;
    return head;
}

}  // namespace alloclens::alloc_message
