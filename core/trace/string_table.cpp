// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/string_table.h"

#include <functional>
#include <limits>

#include "core/base/interner.h"

namespace alloclens {

StringId StringTable::intern(std::string_view text) {
    text = text.substr(0, kMostBytes);
    if (text.empty()) return {};
    makeRoom();
    std::uint32_t& slot = m_slots[slotOf(text)];
    if (slot == 0) {
        if (m_ends.size() == std::numeric_limits<std::uint32_t>::max()) return {};
        m_text += text;
        m_ends.push_back(m_text.size());
        slot = static_cast<std::uint32_t>(m_ends.size());
    }
    return StringId(slot);
}

std::string_view StringTable::text(StringId id) const {
    if (!id.isValid()) return {};
    const std::uint64_t begin = id.index() == 0 ? 0 : m_ends[id.index() - 1];
    return std::string_view(m_text).substr(begin, m_ends[id.index()] - begin);
}

std::size_t StringTable::bytes() const {
    constexpr std::size_t kSlotBytes = 2 * sizeof(std::uint32_t);
    return m_text.size() + m_ends.size() * (sizeof(std::uint64_t) + kSlotBytes);
}

void StringTable::clear() {
    m_text.clear();
    m_ends.clear();
    m_slots.assign(m_slots.size(), 0);
}

/// Where the text stands, or would.
std::size_t StringTable::slotOf(std::string_view text) const {
    const std::size_t mask = m_slots.size() - 1;
    constexpr unsigned kHighBits = 32;
    std::size_t slot = mixBits(std::hash<std::string_view>()(text)) >> kHighBits & mask;
    while (m_slots[slot] != 0 && this->text(StringId(m_slots[slot])) != text) slot = (slot + 1) & mask;
    return slot;
}

void StringTable::makeRoom() {
    constexpr std::size_t kFirst = 256;
    if ((m_ends.size() + 1) * 2 <= m_slots.size()) return;
    m_slots.assign(m_slots.empty() ? kFirst : m_slots.size() * 2, 0);
    for (std::uint32_t i = 1; i <= m_ends.size(); ++i) m_slots[slotOf(text(StringId(i)))] = i;
}

}  // namespace alloclens
