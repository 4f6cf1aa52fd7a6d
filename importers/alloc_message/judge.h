// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes events and facts of messages, as the tracking server would have printed them: messages hold no verdicts, so the
// tracker's table gives them, message by message (docs/formats/alloc-message.md, "What becomes of a message"). One
// object a capture, used by the thread that reads it.
#pragma once

#include <array>
#include <unordered_map>

#include "core/trace/trace_builder.h"
#include "core/tracker/tracker.h"
#include "importers/alloc_message/message.h"

namespace alloclens::alloc_message {

class Judge {
public:
    Judge(TrackerRules rules, BufferTypes numbering) : m_tracker(rules), m_numbering(numbering) {}

    /// Adds what the message means as the part's last line.
    void add(const Message& message, TracePart& part);

private:
    static constexpr std::int32_t kDevices = 256;  ///< of the newest servers
    struct Counters {
        std::uint64_t circularBuffers = 0;
        std::uint64_t kernels = 0;
    };

    [[nodiscard]] bool addAllocation(const Message& message, TracePart& part);
    [[nodiscard]] bool addFree(const Message& message, TracePart& part);
    void addCircularBuffer(const Message& message, TracePart& part);
    void addKernel(const Message& message, TracePart& part);
    void addCounter(FactKind kind, const Message& message, std::uint64_t bytes, bool isMore, TracePart& part);
    void refuse(const Message& message, std::string why, TracePart& part);

    Tracker m_tracker;
    BufferTypes m_numbering;
    std::array<Counters, kDevices> m_counters = {};
    std::unordered_map<AddressKey, std::uint64_t, AddressKeyHash> m_kernels;  ///< sizes of those that are loaded
};

}  // namespace alloclens::alloc_message
