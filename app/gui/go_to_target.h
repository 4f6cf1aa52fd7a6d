// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a person means by "go to": a line, an event or an address, from what they typed. Pure; the caller selects it.
//
//     15261           the address if the trace has one of that number, else the line
//     line 15261      event 14012  #14012
//     0x296db600      695055872    4:695055872    device 4 695055872
#pragma once

#include <QString>

#include <variant>

#include "core/analysis/analysis.h"

namespace alloclens {

struct LineTarget {
    std::uint32_t line;
};

/// Where to go, and how to say it: "line 15,261", or what is wrong while `place` is empty.
struct GoToTarget {
    std::variant<std::monostate, LineTarget, EventId, AddressId> place;
    QString words;
};

[[nodiscard]] GoToTarget parseGoTo(const QString& text, const Analysis& analysis);

}  // namespace alloclens
