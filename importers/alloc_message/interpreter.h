// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a message means to the tracking server: whether it takes it or complains, what it does to the tables of buffers,
// circular buffers and kernels, and what it prints. Captures and the recorder both ask it, so the same messages become
// the same events, facts and diagnostics (docs/formats/alloc-message.md, "What becomes of a message"). One object a
// server, used by one thread; its tables grow with what programs hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "core/trace/trace_builder.h"
#include "core/tracker/tracker.h"
#include "importers/alloc_message/code_memory.h"
#include "importers/alloc_message/message.h"

namespace alloclens::alloc_message {

/// Why a message is refused.
enum class Refusal : std::uint8_t {
    Device,
    Size,
    BufferType,
    TooMany,  ///< more buffers are live than are kept; no server says this
};

struct Meaning {
    enum class Kind : std::uint8_t {
        Event,    ///< an allocation or a free, with the server's verdict
        Counter,  ///< of circular buffers or kernels: the server prints their new total
        Nothing,  ///< the server takes it and prints nothing
        Refused,  ///< nothing changes
        Other,    ///< a question, an answer, a dump, or no type of the protocol
    };
    Kind kind = Kind::Other;
    Refusal refusal = Refusal::Device;
    Tracker::Verdict verdict;         ///< of an Event
    Memory memory = Memory::Unknown;  ///< of an allocation: the one that was sent
    bool isKernel = false;            ///< of a Counter, as all below
    bool isGain = false;
    std::uint8_t kernelType = 0;
    std::uint64_t total = 0;  ///< bytes of the device; wraps below 0, as the server's does
};

class Interpreter {
public:
    static constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();

    /// Of allocations beyond `mostEntries` live buffers all are refused.
    Interpreter(TrackerRules rules, BufferTypes numbering, std::size_t mostEntries = kAnyNumber)
        : m_tracker(rules), m_numbering(numbering), m_mostEntries(mostEntries) {}

    /// `now` is kept as the time of a kernel that is loaded.
    [[nodiscard]] Meaning take(const Message& message, std::int64_t now = kNoTime);

    [[nodiscard]] Tracker& tracker() { return m_tracker; }
    [[nodiscard]] const Tracker& tracker() const { return m_tracker; }
    [[nodiscard]] CodeMemory& code() { return m_code; }
    [[nodiscard]] const CodeMemory& code() const { return m_code; }

private:
    [[nodiscard]] Meaning allocate(const Message& message);
    [[nodiscard]] Meaning release(const Message& message);
    [[nodiscard]] Meaning count(const Message& message, std::int64_t now);
    [[nodiscard]] Memory memoryOf(std::uint8_t bufferType) const;

    Tracker m_tracker;
    CodeMemory m_code;
    BufferTypes m_numbering;
    std::size_t m_mostEntries;
};

/// The event of a message that means one; line, time and sender are the source's to add.
[[nodiscard]] TracePart::Event eventOf(const Message& message, const Meaning& meaning);
/// The fact of a message that means none; its line is the source's to add, and whether a total was printed.
[[nodiscard]] PrintedFact factOf(const Message& message, const Meaning& meaning);

}  // namespace alloclens::alloc_message
