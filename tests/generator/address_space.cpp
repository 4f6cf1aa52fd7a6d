// SPDX-License-Identifier: GPL-3.0-or-later
#include "address_space.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace alloclens::generator {

AddressSpace::AddressSpace(std::uint64_t base, std::uint64_t limit, std::uint64_t banks, std::uint64_t step)
    : m_base(base), m_limit(limit), m_banks(banks), m_step(step), m_top(base) {
    assert(std::has_single_bit(step));
}

std::uint64_t AddressSpace::take(std::uint64_t size, int first, int count) {
    constexpr std::size_t kWindow = 96;
    Devices wanted;
    for (int device = first; device < first + count; ++device) {
        wanted.set(static_cast<std::size_t>(device));
    }
    const std::uint64_t extent = std::max((size / m_banks + m_step - 1) & ~(m_step - 1), m_step);
    while (m_lowest < m_slots.size() && (m_slots[m_lowest].taken & wanted).any()) {
        ++m_lowest;
    }
    const bool full = m_top + extent > m_limit;
    const std::size_t begin = full ? 0 : m_lowest;
    const std::size_t end = full ? m_slots.size() : std::min(m_slots.size(), m_lowest + kWindow);
    for (std::size_t index = begin; index < end; ++index) {
        Slot& slot = m_slots[index];
        if (slot.extent >= extent && (slot.taken & wanted).none()) {
            slot.taken |= wanted;
            return slot.address;
        }
    }
    m_slots.push_back({m_top, extent, wanted});
    m_top += extent;
    return m_slots.back().address;
}

void AddressSpace::giveBack(std::uint64_t address, int device) {
    const auto place = std::lower_bound(m_slots.begin(), m_slots.end(), address,
                                        [](const Slot& slot, std::uint64_t wanted) { return slot.address < wanted; });
    if (place == m_slots.end() || place->address != address) {
        return;
    }
    place->taken.reset(static_cast<std::size_t>(device));
    m_lowest = std::min(m_lowest, static_cast<std::size_t>(place - m_slots.begin()));
}

}  // namespace alloclens::generator
