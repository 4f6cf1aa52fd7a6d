// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire.h"

#include <cassert>
#include <cstring>

namespace alloclens::load {

void writeRecord(const WireMessage& message, std::size_t recordSize, unsigned char* record) {
    assert(recordSize <= kLargestRecord);
    std::memset(record, 0, recordSize);
    // Requires a little-endian machine.
    record[0] = static_cast<unsigned char>(message.type);
    std::memcpy(record + 4, &message.device, 4);
    std::memcpy(record + 8, &message.size, 8);
    record[16] = message.bufferType;
    std::memcpy(record + 20, &message.pid, 4);
    std::memcpy(record + 24, &message.bufferId, 8);
    std::memcpy(record + 32, &message.timestamp, 8);
}

}  // namespace alloclens::load
