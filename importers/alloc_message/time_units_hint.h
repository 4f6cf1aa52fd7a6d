// SPDX-License-Identifier: GPL-3.0-or-later
//
// Notices where some messages of a capture count microseconds and others nanoseconds, as programs of different builds
// do. Times are right all the same, since their size tells the unit. Used by one thread.
#pragma once

#include <cstdint>

#include "core/trace/diagnostics.h"
#include "importers/alloc_message/message.h"

namespace alloclens::alloc_message {

class TimeUnitsHint {
public:
    /// `line` is the message's number.
    void look(const Message& message, std::uint32_t line);
    /// Adds what there is to say of the whole capture.
    void tell(Diagnostics& diagnostics) const;

private:
    struct Unit {
        std::uint64_t count = 0;
        std::uint32_t first = 0;  ///< message
    };
    Unit m_microseconds;
    Unit m_nanoseconds;
};

}  // namespace alloclens::alloc_message
