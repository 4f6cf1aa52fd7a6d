// SPDX-License-Identifier: GPL-3.0-or-later
//
// Interned texts: names of buffers, functions, files and modules, each stored once and referred to by number. The bytes
// are those of the source and can be anything, so make them showable before you show them. Texts are cut at kMostBytes,
// since a source is not trusted. One thread while it grows; any number of threads may read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/id.h"

namespace alloclens {

class StringTable {
public:
    static constexpr std::size_t kMostBytes = 4096;

    /// The number of a text; none for an empty one.
    [[nodiscard]] StringId intern(std::string_view text);
    /// Valid until the table grows; empty for none.
    [[nodiscard]] std::string_view text(StringId id) const;
    [[nodiscard]] std::size_t size() const { return m_ends.size(); }
    /// The approximate memory in use, in bytes, without spare capacity.
    [[nodiscard]] std::size_t bytes() const;
    /// Removes all texts and keeps the capacity.
    void clear();

private:
    [[nodiscard]] std::size_t slotOf(std::string_view text) const;
    void makeRoom();

    std::string m_text;                  ///< all texts, one after the other
    std::vector<std::uint64_t> m_ends;   ///< of each in m_text
    std::vector<std::uint32_t> m_slots;  ///< numbers by hash, 0 where free; a power of two, at most half full
};

}  // namespace alloclens
