// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/judge.h"

#include <fmt/format.h>

#include <utility>

#include "core/base/units.h"
#include "importers/alloc_message/record_text.h"

namespace alloclens::alloc_message {
namespace {

constexpr std::uint64_t kLargestAllocation = std::uint64_t{100} << 30;

void addFact(FactKind kind, const Message& message, TracePart& part) {
    PrintedFact fact;
    fact.kind = kind;
    fact.line = part.lines;
    fact.device = message.device;
    fact.pid = message.pid;
    part.facts.push_back(fact);
}

TracePart::Event eventOf(const Message& message, const Tracker::Verdict& verdict, const TracePart& part) {
    TracePart::Event event;
    event.kind = verdict.kind;
    event.key = {message.device, message.bufferId};
    event.pid = verdict.pid;
    event.size = verdict.size;
    event.refCount = verdict.refCount;
    event.line = part.lines;
    event.time = timeOf(message.timestamp);
    event.sender = message.pid;
    return event;
}

}  // namespace

void Judge::add(const Message& message, TracePart& part) {
    bool isEvent = false;
    switch (static_cast<MessageType>(message.type)) {
    case MessageType::Allocation: isEvent = addAllocation(message, part); break;
    case MessageType::Free: isEvent = addFree(message, part); break;
    case MessageType::CircularBufferAllocation:
    case MessageType::CircularBufferFree: addCircularBuffer(message, part); break;
    case MessageType::KernelLoad:
    case MessageType::KernelUnload: addKernel(message, part); break;
    default: addFact(FactKind::Banner, message, part); break;
    }
    ++(isEvent ? part.lineCounts.events : part.lineCounts.facts);
}

bool Judge::addAllocation(const Message& message, TracePart& part) {
    const auto memory = memoryOf(message.bufferType, m_numbering);
    if (message.device < 0 || message.device >= kDevices) {
        refuse(message, fmt::format("device {}", message.device), part);
    } else if (message.size == 0 || message.size > kLargestAllocation) {
        refuse(message, fmt::format("a size of {}", formatQuantity(message.size, "byte")), part);
    } else if (!memory) {
        refuse(message, fmt::format("buffer type {}", message.bufferType), part);
    } else {
        const auto verdict = m_tracker.allocate({message.device, message.bufferId}, message.size, *memory, message.pid);
        TracePart::Event event = eventOf(message, verdict, part);
        event.memory = *memory;
        part.add(event);
        ++part.decimalIds;
        return true;
    }
    return false;
}

// Servers look at neither device nor size of a free.
bool Judge::addFree(const Message& message, TracePart& part) {
    if (message.device == kNoDevice) {
        refuse(message, fmt::format("device {}", message.device), part);
        return false;
    }
    part.add(eventOf(message, m_tracker.release({message.device, message.bufferId}, message.pid), part));
    ++part.decimalIds;
    return true;
}

// The server's counter adds and subtracts whatever is sent, known or not.
void Judge::addCircularBuffer(const Message& message, TracePart& part) {
    const bool isMore = static_cast<MessageType>(message.type) == MessageType::CircularBufferAllocation;
    addCounter(FactKind::CircularBuffer, message, message.size, isMore, part);
}

// Of an unknown kernel's unloading the server prints nothing.
void Judge::addKernel(const Message& message, TracePart& part) {
    const AddressKey key{message.device, message.bufferId};
    if (static_cast<MessageType>(message.type) == MessageType::KernelLoad) {
        m_kernels[key] = message.size;
        return addCounter(FactKind::Kernel, message, message.size, true, part);
    }
    const auto kernel = m_kernels.find(key);
    if (kernel == m_kernels.end()) return addFact(FactKind::Banner, message, part);
    const std::uint64_t bytes = kernel->second;
    m_kernels.erase(kernel);
    addCounter(FactKind::Kernel, message, bytes, false, part);
}

void Judge::addCounter(FactKind kind, const Message& message, std::uint64_t bytes, bool isMore, TracePart& part) {
    if (message.device < 0 || message.device >= kDevices)
        return refuse(message, fmt::format("device {}", message.device), part);
    Counters& counters = m_counters[static_cast<std::size_t>(message.device)];
    std::uint64_t& total = kind == FactKind::Kernel ? counters.kernels : counters.circularBuffers;
    total += isMore ? bytes : 0 - bytes;
    constexpr double kMegabyte = 1024.0 * 1024.0;
    addFact(kind, message, part);
    part.facts.back().amount = static_cast<double>(bytes) / (isMore ? kMegabyte : -kMegabyte);
    part.facts.back().total = static_cast<double>(total) / kMegabyte;
}

void Judge::refuse(const Message& message, std::string why, TracePart& part) {
    addFact(FactKind::InvalidMessage, message, part);
    part.diagnostics.add({DiagnosticCode::InvalidMessage, part.lines, std::move(why)});
}

}  // namespace alloclens::alloc_message
