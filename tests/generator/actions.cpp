// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a process of the workload can do: each action adds messages to its plan.
#include <algorithm>

#include "workload.h"

namespace alloclens::generator {

namespace {

constexpr std::size_t kRemembered = 256;                           // released buffers that a process may free again
constexpr std::uint64_t kUnknownRegion = (1ULL << 30U) - 262'144;  // above all spaces except SYSTEM_MEMORY

}  // namespace

void Workload::queueAllocation(std::deque<Message>& queue, const Buffer& buffer, int process) {
    for (int device = buffer.first; device < buffer.first + buffer.count; ++device) {
        queue.push_back({.kind = MessageKind::Allocate,
                         .process = process,
                         .device = device,
                         .address = buffer.address,
                         .size = buffer.size,
                         .type = buffer.type});
    }
}

void Workload::queueFree(std::deque<Message>& queue, const Buffer& buffer, int process) {
    for (int device = buffer.first; device < buffer.first + buffer.count; ++device) {
        queue.push_back({.kind = MessageKind::Free, .process = process, .device = device, .address = buffer.address});
    }
}

void Workload::allocate(Process& process) {
    const bool mesh = m_random.chance(m_recipe.meshShare);
    const int first = mesh ? 0 : static_cast<int>(m_random.below(static_cast<std::uint64_t>(m_recipe.devices)));
    const Buffer buffer = m_memory.place(m_random, first, mesh ? m_recipe.devices : 1);
    queueAllocation(process.pending, buffer, process.id);
    process.live.push_back(buffer);
}

// Young buffers die first: half of the time one of the latest four.
void Workload::release(Process& process) {
    const std::size_t count = process.live.size();
    const std::size_t window = m_random.below(2) == 0 ? std::min<std::size_t>(count, 4) : count;
    const auto place = process.live.end() - 1 - static_cast<std::ptrdiff_t>(m_random.below(window));
    const Buffer buffer = *place;
    process.live.erase(place);
    queueFree(process.pending, buffer, process.id);
    if (process.released.size() >= kRemembered) {
        process.released.erase(process.released.begin());
    }
    process.released.push_back(buffer);
}

// Allocates a live buffer again, its own or another's. Mostly an equal one, sometimes of another size or memory.
void Workload::alias(Process& process) {
    const Process& other = m_processes[m_random.below(m_processes.size())];
    const Process& source = m_traits.countsReferences && other.alive ? other : process;
    if (source.live.empty()) {
        return;
    }
    Buffer buffer = source.live[m_random.below(source.live.size())];
    if (m_random.below(2) == 0) {
        buffer.first += static_cast<int>(m_random.below(static_cast<std::uint64_t>(buffer.count)));
        buffer.count = 1;
    }
    const AddressKey key{buffer.first, buffer.address};
    if (!m_memory.isOpen(key)) {
        return;
    }
    // Without reference counts the new entry would replace the old one, so such processes repeat only their own.
    if (m_traits.countsReferences) {
        const std::uint64_t roll = m_random.below(10);
        if (roll < 3) {
            buffer.size = roll == 0 ? buffer.size * 2 : std::max<std::uint64_t>(buffer.size / 2, 32);
        } else if (roll == 3) {
            buffer.type = static_cast<std::uint8_t>(buffer.type == 0 ? Memory::L1 : Memory::Dram);
        }
        process.live.push_back(buffer);
    } else if (m_memory.ownerOf(key) != process.id) {
        return;
    }
    queueAllocation(process.pending, buffer, process.id);
}

// Frees through a stale handle: mostly an address that nobody holds, sometimes one with a new owner.
void Workload::freeAgain(Process& process) {
    if (process.released.empty()) {
        return;
    }
    const bool victim = m_random.chance(m_recipe.staleOwnerShare);
    for (int attempt = 0; attempt < 24; ++attempt) {
        Buffer buffer = process.released[m_random.below(process.released.size())];
        if (m_random.below(4) != 0) {
            buffer.first += static_cast<int>(m_random.below(static_cast<std::uint64_t>(buffer.count)));
            buffer.count = 1;
        }
        if (m_memory.isOpen({buffer.first, buffer.address}) == victim) {
            queueFree(process.pending, buffer, process.id);
            return;
        }
    }
}

void Workload::freeUnknown(Process& process) {
    const std::uint64_t address = kUnknownRegion + 32 * m_random.below(8000);
    const int device = static_cast<int>(m_random.below(static_cast<std::uint64_t>(m_recipe.devices)));
    process.pending.push_back({.kind = MessageKind::Free, .process = process.id, .device = device, .address = address});
}

// Sends a size of 0 if the server checks sizes, else an invalid buffer type. The free follows anyway.
void Workload::sendRejected(Process& process) {
    Message message{.kind = MessageKind::Allocate,
                    .process = process.id,
                    .device = static_cast<int>(m_random.below(static_cast<std::uint64_t>(m_recipe.devices))),
                    .address = kUnknownRegion + 32 * m_random.below(8000),
                    .size = 4096};
    if (m_traits.tracksPrograms && m_random.below(2) == 0) {
        message.size = 0;
    } else {
        message.type = 9;
    }
    process.pending.push_back(message);
    message.kind = MessageKind::Free;
    process.pending.push_back(message);
}

// Loads a kernel, sets up circular buffers, and removes both in the same order. A few clients forget the size of a
// circular buffer. A few unload a kernel twice, for which the server prints nothing.
void Workload::runProgram(Process& process) {
    const int device = static_cast<int>(m_random.below(static_cast<std::uint64_t>(m_recipe.devices)));
    const std::uint64_t kernel = 0x7f3a'0000'0000U + 64 * m_random.below(1U << 20U);
    Message load{.kind = MessageKind::KernelLoad,
                 .process = process.id,
                 .device = device,
                 .address = kernel,
                 .size = 1024 * m_random.between(4, 60),
                 .type = static_cast<std::uint8_t>(m_random.halvings(2))};
    std::vector<Message> buffers;
    for (std::uint64_t index = 0; index < m_random.between(1, 3); ++index) {
        buffers.push_back({.kind = MessageKind::CircularAllocate,
                           .process = process.id,
                           .device = device,
                           .address = 101'152 + 4096 * index,
                           .size = 2048ULL << m_random.below(6)});
    }
    process.pending.push_back(load);
    process.pending.insert(process.pending.end(), buffers.begin(), buffers.end());
    if (m_random.below(8) == 0) {
        return;  // keeps them, perhaps until it dies
    }
    for (Message& buffer : buffers) {
        buffer.kind = MessageKind::CircularFree;
        buffer.size = m_random.below(8) == 0 ? 0 : buffer.size;
        process.pending.push_back(buffer);
    }
    load.kind = MessageKind::KernelUnload;
    process.pending.push_back(load);
    if (m_random.below(6) == 0) {
        process.pending.push_back(load);
    }
}

}  // namespace alloclens::generator
