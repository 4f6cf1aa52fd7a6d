// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a person means by "go to": lines, events, addresses, lifetimes and findings, from what they typed. Nothing that
// was typed is dropped: a word that is not understood gives no place, and `words` says which one. Pure; the caller
// selects the place. Costs a few binary searches; a finding's name costs a pass over the findings.
//
//     15261           the address on each device that has it, and the line
//     line 15261      event 14012  #14012
//     0x296db600      695055872    4:695055872    0x296db600@4    695055872 device 4    device 4 695055872
//     695055872·g17   the 17th lifetime of the address, with or without a device
//     double-free:4:0x296db600:g1:1   a finding, as reports name it
#pragma once

#include <QString>

#include <variant>
#include <vector>

#include "core/analysis/analysis.h"

namespace alloclens {

struct LineTarget {
    std::uint32_t line;
};

/// Where to go, and how to say it: "line 15,261".
struct GoToTarget {
    std::variant<LineTarget, EventId, AddressId, LifetimeId, FindingId> place;
    QString words;
};

struct GoToAnswer {
    std::vector<GoToTarget> targets;  ///< the likeliest first; empty if there is none
    QString words;                    ///< what is there, how many to choose from, or what is wrong
};

[[nodiscard]] GoToAnswer parseGoTo(const QString& text, const Analysis& analysis);

}  // namespace alloclens
