// SPDX-License-Identifier: GPL-3.0-or-later
//
// Watches for buffer types that are numbered otherwise than they are read: Python programs number L1_SMALL and TRACE as
// C++ programs number SYSTEM_MEMORY and L1_SMALL. Messages do not say who sent them; a Python program's times show it,
// since they come out of a floating-point number.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "importers/alloc_message/message.h"

namespace alloclens::alloc_message {

class NumberingHint {
public:
    explicit NumberingHint(BufferTypes numbering) : m_numbering(numbering) {}

    /// Looks at a message on that line. What it gives is to be said once, of that line.
    [[nodiscard]] std::optional<std::string> look(const Message& message);

private:
    struct Sender {
        std::uint32_t times = 0;  ///< allocations with another time than the one before
        std::uint64_t lastTime = 0;
        bool isPythons = true;  ///< all their times are such as Python makes
        bool hasOtherTypes = false;
    };

    BufferTypes m_numbering;
    std::unordered_map<std::int32_t, Sender> m_senders;
    bool m_isSaid = false;
};

}  // namespace alloclens::alloc_message
