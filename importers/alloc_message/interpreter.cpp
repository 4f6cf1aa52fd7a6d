// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/interpreter.h"

#include "core/tracker/server_limits.h"

namespace alloclens::alloc_message {
namespace {

AddressKey keyOf(const Message& message) { return {message.device, message.bufferId}; }

Meaning refused(Refusal why) {
    Meaning meaning;
    meaning.kind = Meaning::Kind::Refused;
    meaning.refusal = why;
    return meaning;
}

}  // namespace

Meaning Interpreter::take(const Message& message, std::int64_t now) {
    switch (static_cast<MessageType>(message.type)) {
    case MessageType::Allocation: return allocate(message);
    case MessageType::Free: return release(message);
    case MessageType::CircularBufferAllocation:
    case MessageType::CircularBufferFree:
    case MessageType::KernelLoad:
    case MessageType::KernelUnload: return count(message, now);
    default: return {};
    }
}

// The server knows its own numbering only, and refuses what lies beyond that.
Memory Interpreter::memoryOf(std::uint8_t bufferType) const {
    const auto memory = alloc_message::memoryOf(bufferType, m_numbering);
    return memory ? *memory : alloc_message::memoryOf(bufferType, BufferTypes::Cpp).value_or(Memory::Unknown);
}

Meaning Interpreter::allocate(const Message& message) {
    if (!isServersDevice(message.device)) return refused(Refusal::Device);
    if (!isServersSize(message.size)) return refused(Refusal::Size);
    if (message.bufferType > kLastBufferType) return refused(Refusal::BufferType);
    const AddressKey key = keyOf(message);
    if (m_tracker.size() >= m_mostEntries && !m_tracker.holds(key)) return refused(Refusal::TooMany);
    Meaning meaning;
    meaning.kind = Meaning::Kind::Event;
    meaning.memory = memoryOf(message.bufferType);
    meaning.verdict = m_tracker.allocate(key, message.size, meaning.memory, message.pid);
    return meaning;
}

// Servers look at neither device nor size of a free. The device that stands for none cannot be written down.
Meaning Interpreter::release(const Message& message) {
    if (message.device == kNoDevice) return refused(Refusal::Device);
    Meaning meaning;
    meaning.kind = Meaning::Kind::Event;
    meaning.verdict = m_tracker.release(keyOf(message), message.pid);
    return meaning;
}

// The counters add and subtract whatever is sent; only a kernel that is not loaded is passed over in silence.
Meaning Interpreter::count(const Message& message, std::int64_t now) {
    if (!isServersDevice(message.device)) return refused(Refusal::Device);
    const AddressKey key = keyOf(message);
    Meaning meaning;
    meaning.kind = Meaning::Kind::Counter;
    meaning.kernelType = message.bufferType;
    switch (static_cast<MessageType>(message.type)) {
    case MessageType::CircularBufferAllocation:
        m_code.allocate(key, message.size, message.pid);
        meaning.isGain = true;
        break;
    case MessageType::CircularBufferFree: m_code.release(key, message.size); break;
    case MessageType::KernelLoad:
        m_code.load(key, {message.size, message.pid, message.bufferType, now});
        meaning.isKernel = meaning.isGain = true;
        break;
    default:
        meaning.isKernel = true;
        if (const auto type = m_code.unload(key, message.size)) {
            meaning.kernelType = *type;
        } else {
            meaning.kind = Meaning::Kind::Nothing;
        }
    }
    const CodeMemory::Sums sums = m_code.sums(message.device);
    meaning.total = meaning.isKernel ? sums.kernels : sums.circularBuffers;
    return meaning;
}

TracePart::Event eventOf(const Message& message, const Meaning& meaning) {
    TracePart::Event event;
    event.kind = meaning.verdict.kind;
    event.memory = meaning.memory;
    event.key = keyOf(message);
    event.pid = meaning.verdict.pid;
    event.size = meaning.verdict.size;
    event.refCount = meaning.verdict.refCount;
    return event;
}

PrintedFact factOf(const Message& message, const Meaning& meaning) {
    PrintedFact fact;
    fact.device = message.device;
    fact.pid = message.pid;
    if (meaning.kind == Meaning::Kind::Refused) fact.kind = FactKind::InvalidMessage;
    if (meaning.kind != Meaning::Kind::Counter) return fact;
    constexpr double kMegabyte = 1024.0 * 1024.0;
    fact.kind = meaning.isKernel ? FactKind::Kernel : FactKind::CircularBuffer;
    fact.amount = static_cast<double>(message.size) / (meaning.isGain ? kMegabyte : -kMegabyte);
    fact.total = static_cast<double>(meaning.total) / kMegabyte;
    return fact;
}

}  // namespace alloclens::alloc_message
