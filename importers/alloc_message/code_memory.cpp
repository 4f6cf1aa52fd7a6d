// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/code_memory.h"

namespace alloclens::alloc_message {
namespace {

constexpr std::size_t kMostEntries = std::size_t{1} << 22;

}  // namespace

template <typename Held>
void CodeMemory::put(OwnedTable<Held>& table, const AddressKey& key, const Held& held) {
    if (table.size() >= kMostEntries && table.find(key) == nullptr) {
        ++m_overflow;
    } else {
        table.put(key, held);
    }
}

void CodeMemory::allocate(const AddressKey& key, std::uint64_t size, std::int32_t owner) {
    put(m_circularBuffers, key, CircularBuffer{size, owner});
    m_sums[key.device].circularBuffers += size;
}

void CodeMemory::release(const AddressKey& key, std::uint64_t size) {
    m_circularBuffers.erase(key);
    m_sums[key.device].circularBuffers -= size;
}

void CodeMemory::load(const AddressKey& key, const Kernel& kernel) {
    put(m_kernels, key, kernel);
    m_sums[key.device].kernels += kernel.size;
}

std::optional<std::uint8_t> CodeMemory::unload(const AddressKey& key, std::uint64_t size) {
    const Kernel* const kernel = m_kernels.find(key);
    if (kernel == nullptr) return std::nullopt;
    const std::uint8_t type = kernel->type;
    m_kernels.erase(key);
    m_sums[key.device].kernels -= size;
    return type;
}

CodeMemory::Removed CodeMemory::sweep(std::int32_t owner) {
    Removed removed;
    removed.steps = m_circularBuffers.sweep(owner, [&](const AddressKey& key, const CircularBuffer& held) {
        ++removed.circularBuffers;
        removed.circularBufferBytes += held.size;
        m_sums[key.device].circularBuffers -= held.size;
    });
    removed.steps += m_kernels.sweep(owner, [&](const AddressKey& key, const Kernel& held) {
        ++removed.kernels;
        removed.kernelBytes += held.size;
        m_sums[key.device].kernels -= held.size;
    });
    return removed;
}

CodeMemory::Sums CodeMemory::sums(std::int32_t device) const {
    const auto at = m_sums.find(device);
    return at != m_sums.end() ? at->second : Sums{};
}

std::vector<std::pair<AddressKey, CodeMemory::Kernel>> CodeMemory::kernels() const {
    std::vector<std::pair<AddressKey, Kernel>> kernels;
    kernels.reserve(m_kernels.size());
    m_kernels.visit([&](const AddressKey& key, const Kernel& kernel) { kernels.emplace_back(key, kernel); });
    return kernels;
}

}  // namespace alloclens::alloc_message
