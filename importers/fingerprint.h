// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recognises a file that was overwritten in place, whatever its new size: what was read of it is remembered by its
// first bytes and by the last ones before the position that was reached. A few kilobytes; used by one thread.
#pragma once

#include <cstdint>
#include <string>

#include "importers/input.h"

namespace alloclens {

class Fingerprint {
public:
    /// Remembers what stands before `position` now.
    void take(const Input& input, std::uint64_t position);
    /// True where that still stands there, and while nothing was taken.
    [[nodiscard]] bool matches(const Input& input) const;

private:
    std::string m_head;
    std::string m_tail;
    std::uint64_t m_tailBegin = 0;
};

}  // namespace alloclens
