// SPDX-License-Identifier: GPL-3.0-or-later
#include "device_memory.h"

#include <algorithm>

namespace alloclens::generator {

namespace {

constexpr std::uint64_t kGibibyte = 1ULL << 30U;
constexpr std::uint64_t kTraceRegion = 30'000'000;  // at the top of each bank

Memory likelyMemory(Random& random) {
    const std::uint64_t roll = random.below(1000);
    if (roll < 590) {
        return Memory::Dram;
    }
    if (roll < 960) {
        return Memory::L1;
    }
    if (roll < 980) {
        return Memory::L1Small;
    }
    return roll < 992 ? Memory::Trace : Memory::SystemMemory;
}

// Sizes follow a power law: each doubling is half as common. A third of the sizes is one and a half times as large.
std::uint64_t likelySize(Random& random, Memory memory) {
    const auto scaled = [&](std::uint64_t page, unsigned most) {
        const std::uint64_t size = page << random.halvings(most);
        return random.below(3) == 0 ? size + size / 2 : size;
    };
    switch (memory) {
    case Memory::Dram: return random.below(5) == 0 ? scaled(4ULL << 20U, 6) : scaled(2048ULL << random.below(5), 12);
    case Memory::L1: return scaled(2048ULL << random.below(3), 9);
    case Memory::L1Small: return scaled(256, 5);
    case Memory::Trace: return random.below(3) == 0 ? 12'503'040 : scaled(65'536, 5);
    case Memory::SystemMemory: return scaled(4096, 2);
    }
    return 0;
}

}  // namespace

DeviceMemory::DeviceMemory(const GenerationTraits& traits) : m_traits(traits) {
    m_spaces.emplace_back(30'000'000, kGibibyte - kTraceRegion, 12, 32);           // DRAM, 12 banks
    m_spaces.emplace_back(101'152, 1'430'000, 64, 2048);                           // L1, 64 cores
    m_spaces.emplace_back(kGibibyte + 8192, kGibibyte + (1ULL << 26U), 1, 4096);   // SYSTEM_MEMORY
    m_spaces.emplace_back(1'466'368, 1'499'136, 64, 32);                           // L1_SMALL
    m_spaces.emplace_back(kGibibyte - kTraceRegion, kGibibyte - 262'144, 12, 32);  // TRACE
}

Buffer DeviceMemory::place(Random& random, int first, int count) {
    const Memory memory = likelyMemory(random);
    Buffer buffer{.type = static_cast<std::uint8_t>(memory), .first = first, .count = count};
    buffer.size = likelySize(random, memory);
    buffer.address = m_spaces.at(buffer.type).take(buffer.size, first, count);
    return buffer;
}

std::optional<int> DeviceMemory::ownerOf(const AddressKey& key) const {
    const auto found = m_open.find(key);
    return found == m_open.end() ? std::nullopt : std::optional(found->second.owner);
}

bool DeviceMemory::differs(const Message& allocation) const {
    const auto found = m_open.find({allocation.device, allocation.address});
    return found != m_open.end()
           && (found->second.owner != allocation.process || found->second.size != allocation.size
               || found->second.type != allocation.type);
}

void DeviceMemory::close(const AddressKey& key) {
    for (AddressSpace& space : m_spaces) {
        if (space.covers(key.address)) {
            space.giveBack(key.address, key.device);
        }
    }
}

void DeviceMemory::follow(const Message& message) {
    const AddressKey key{message.device, message.address};
    if (message.kind == MessageKind::Allocate) {
        ++m_open.try_emplace(key, Open{0, message.process, message.size, message.type}).first->second.depth;
    } else if (message.kind == MessageKind::Free) {
        const auto found = m_open.find(key);
        if (found != m_open.end() && (--found->second.depth == 0 || !m_traits.countsReferences)) {
            m_open.erase(found);
            close(key);
        }
    } else if (message.kind == MessageKind::ProcessDied) {
        m_dead.push_back(message.process);
    } else if (!m_dead.empty()
               && (message.kind == MessageKind::CleanupTick || message.kind == MessageKind::DumpRemaining)) {
        for (auto entry = m_open.begin(); entry != m_open.end();) {
            if (std::find(m_dead.begin(), m_dead.end(), entry->second.owner) == m_dead.end()) {
                ++entry;
                continue;
            }
            close(entry->first);
            entry = m_open.erase(entry);
        }
        m_dead.clear();
    }
}

}  // namespace alloclens::generator
