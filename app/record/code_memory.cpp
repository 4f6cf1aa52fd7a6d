// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/code_memory.h"

namespace alloclens::record {
namespace {

constexpr std::size_t kMostEntries = std::size_t{1} << 22;

}  // namespace

template <typename Held>
void CodeMemory::put(Table<Held>& table, const AddressKey& key, const Held& held) {
    const auto at = table.find(key);
    if (at == table.end() && table.size() >= kMostEntries) {
        ++m_overflow;
        return;
    }
    if (at != table.end()) drop(table, at);
    table.emplace(key, held);
    ++m_owned[held.owner];
}

template <typename Held>
void CodeMemory::drop(Table<Held>& table, typename Table<Held>::iterator at) {
    const auto owned = m_owned.find(at->second.owner);
    if (--owned->second == 0) m_owned.erase(owned);
    table.erase(at);
}

void CodeMemory::allocate(const AddressKey& key, std::uint64_t size, std::int32_t owner) {
    put(m_circularBuffers, key, CircularBuffer{size, owner});
    m_sums[key.device].circularBuffers += size;
}

void CodeMemory::release(const AddressKey& key, std::uint64_t size) {
    if (const auto at = m_circularBuffers.find(key); at != m_circularBuffers.end()) drop(m_circularBuffers, at);
    m_sums[key.device].circularBuffers -= size;
}

void CodeMemory::load(const AddressKey& key, const Kernel& kernel) {
    put(m_kernels, key, kernel);
    m_sums[key.device].kernels += kernel.size;
}

std::optional<std::uint8_t> CodeMemory::unload(const AddressKey& key, std::uint64_t size) {
    const auto at = m_kernels.find(key);
    if (at == m_kernels.end()) return std::nullopt;
    const std::uint8_t type = at->second.type;
    drop(m_kernels, at);
    m_sums[key.device].kernels -= size;
    return type;
}

CodeMemory::Removed CodeMemory::sweep(std::int32_t owner) {
    Removed removed;
    if (!isOwner(owner)) return removed;
    for (auto at = m_circularBuffers.begin(); at != m_circularBuffers.end();) {
        const auto held = at++;
        if (held->second.owner != owner) continue;
        ++removed.circularBuffers;
        removed.circularBufferBytes += held->second.size;
        m_sums[held->first.device].circularBuffers -= held->second.size;
        drop(m_circularBuffers, held);
    }
    for (auto at = m_kernels.begin(); at != m_kernels.end();) {
        const auto held = at++;
        if (held->second.owner != owner) continue;
        ++removed.kernels;
        removed.kernelBytes += held->second.size;
        m_sums[held->first.device].kernels -= held->second.size;
        drop(m_kernels, held);
    }
    return removed;
}

CodeMemory::Sums CodeMemory::sums(std::int32_t device) const {
    const auto at = m_sums.find(device);
    return at != m_sums.end() ? at->second : Sums{};
}

std::map<AddressKey, CodeMemory::Kernel> CodeMemory::kernels() const { return {m_kernels.begin(), m_kernels.end()}; }

}  // namespace alloclens::record
