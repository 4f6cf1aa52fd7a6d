// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/numbering_hint.h"

#include <fmt/format.h>

namespace alloclens::alloc_message {

std::optional<std::string> NumberingHint::look(const Message& message) {
    constexpr std::size_t kMostSenders = 1024;
    constexpr std::uint32_t kEnoughTimes = 16;
    constexpr std::uint64_t kStep = 256;  // between two numbers that a double can hold, of today's nanoseconds
    constexpr std::uint8_t kOnlyInCpp = 4;
    if (m_isSaid || message.type != static_cast<std::uint8_t>(MessageType::Allocation)) return std::nullopt;
    if (m_numbering == BufferTypes::Python) {
        if (message.bufferType != kOnlyInCpp) return std::nullopt;
        m_isSaid = true;
        return "only C++ programs have buffer type 4, which is read as TRACE; --buffer-types cpp reads all types as "
               "C++ numbers them";
    }
    if (m_senders.size() >= kMostSenders && !m_senders.contains(message.pid)) return std::nullopt;
    Sender& sender = m_senders[message.pid];
    if (message.timestamp != sender.lastTime) ++sender.times;
    sender.lastTime = message.timestamp;
    sender.isPythons &= message.timestamp != 0 && message.timestamp % kStep == 0;
    sender.hasOtherTypes |= message.bufferType == 2 || message.bufferType == 3;
    if (message.bufferType >= kOnlyInCpp) sender.isPythons = false;
    if (!sender.isPythons || !sender.hasOtherTypes || sender.times < kEnoughTimes) return std::nullopt;
    m_isSaid = true;
    return fmt::format(
        "process {} sends times as Python writes them; --buffer-types python reads its buffer types 2 and 3 as "
        "L1_SMALL and TRACE",
        message.pid);
}

}  // namespace alloclens::alloc_message
