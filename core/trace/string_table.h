// SPDX-License-Identifier: GPL-3.0-or-later
//
// Texts that events name, each stored once, by number: names of buffers, functions, files, modules. Their bytes are as
// the source gave them and may be anything; whoever shows them makes them showable. A text is cut at kMostBytes, so
// that no source makes one of any length. Not thread-safe while it grows; any number of threads may read it.
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
    /// What it takes of memory, about, without what is kept for more.
    [[nodiscard]] std::size_t bytes() const;
    /// Forgets all texts and keeps the room for them.
    void clear();

private:
    [[nodiscard]] std::size_t slotOf(std::string_view text) const;
    void makeRoom();

    std::string m_text;                  ///< all of them behind each other
    std::vector<std::uint64_t> m_ends;   ///< of each in m_text
    std::vector<std::uint32_t> m_slots;  ///< numbers by hash, 0 where free; a power of two, at most half full
};

}  // namespace alloclens
