// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/answer.h"

#include <algorithm>

namespace alloclens::record {
namespace {

using alloc_message::Message;
using alloc_message::MessageType;

template <typename Number>
void store(std::string& to, std::size_t at, Number value) {
    for (std::size_t i = 0; i < sizeof(Number); ++i) to[at + i] = static_cast<char>(value >> 8 * i & 0xffU);
}

/// Appends a record with the fields that all sizes share. Returns its position in `to`.
std::size_t appendRecord(const Message& answer, std::size_t recordSize, std::string& to) {
    const std::size_t at = to.size();
    to.resize(at + recordSize, '\0');
    alloc_message::encode(answer, to.data() + at);
    return at;
}

Message answerTo(const Message& query, MessageType type) {
    Message answer;
    answer.type = static_cast<std::uint8_t>(type);
    answer.device = query.device;
    return answer;
}

// Only in larger records: sums of circular buffers and kernels, sizes of memories, and the six numbers of a device.
constexpr std::size_t kCode = 72;
struct Places {
    std::size_t code;   ///< offset; 0: the record has none
    std::size_t sizes;  ///< offset; 0: the record has neither sizes nor numbers
    std::size_t numbers;
};
Places placesIn(std::size_t recordSize) {
    switch (recordSize) {
    case 112: return {0, 72, 88};
    case 128:
    case 144: return {kCode, 88, 104};
    default: return {0, 0, 0};
    }
}

}  // namespace

void appendUseAnswer(const Message& query, const DeviceUse& use, std::size_t recordSize, std::string& to) {
    Message answer = answerTo(query, MessageType::Response);
    answer.allocated = {use.dram, use.l1, use.l1Small, use.trace};
    const std::size_t at = appendRecord(answer, recordSize, to);
    const Places places = placesIn(recordSize);
    if (places.code == 0) return;
    store(to, at + places.code, use.circularBuffers);
    store(to, at + places.code + sizeof(std::uint64_t), use.kernels);
}

void appendDeviceAnswer(const Message& query, const DeviceList& devices, std::size_t recordSize, std::string& to) {
    const std::size_t at = appendRecord(answerTo(query, MessageType::DeviceInfoResponse), recordSize, to);
    const Places places = placesIn(recordSize);
    if (places.sizes == 0) return;
    const auto number = [&](std::size_t i, std::uint32_t value) {
        store(to, at + places.numbers + i * sizeof(std::uint32_t), value);
    };
    if (query.device == -1) {
        const auto count = static_cast<std::uint32_t>(
            std::count_if(devices.begin(), devices.end(), [](const Device& device) { return device.isAvailable; }));
        number(4, count > 0 ? 1 : 0);
        number(5, count);
        return;
    }
    if (query.device < 0 || static_cast<std::size_t>(query.device) >= devices.size()) return;
    const Device& device = devices[static_cast<std::size_t>(query.device)];
    store(to, at + places.sizes, device.dramBytes);
    store(to, at + places.sizes + sizeof(std::uint64_t), device.l1Bytes);
    number(0, device.architecture);
    number(1, device.dramChannels);
    number(2, static_cast<std::uint32_t>(device.dramBytesPerChannel));  // cuts 4 GiB to 32 bits, as the server does
    number(3, device.l1BytesPerCore);
    number(4, device.isAvailable ? 1 : 0);
}

}  // namespace alloclens::record
