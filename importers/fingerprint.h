// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recognises a file that was overwritten in place, whatever its new size. It keeps the first bytes of the file, and
// those before the position that was read last. Takes a few kilobytes. Used by one thread.
#pragma once

#include <cstdint>
#include <string>

#include "importers/input.h"

namespace alloclens {

class Fingerprint {
public:
    /// Stores the bytes at the beginning and before `position`.
    void take(const Input& input, std::uint64_t position);
    /// Whether the stored bytes are still there. True while nothing is stored.
    [[nodiscard]] bool matches(const Input& input) const;

private:
    std::string m_head;
    std::string m_tail;
    std::uint64_t m_tailBegin = 0;
};

}  // namespace alloclens
