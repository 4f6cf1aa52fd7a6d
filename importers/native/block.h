// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a native trace is made of, as its writers see it: stretches of a source, and the description of what they come
// from. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/trace/trace_builder.h"

namespace alloclens::native {

/// A stretch of whole lines (or records) of a source with everything that was read from them.
struct Block {
    std::vector<TracePart::Event> events;  ///< in order; lines counted from 1 at the block's start
    std::uint32_t lines = 0;
    std::string text;  ///< the lines verbatim, each with its newline; empty where the source had no text
    PrintedFacts facts;
    Diagnostics diagnostics;
    LineCounts lineCounts;
    /// What a recorder had to drop.
    struct Gap {
        std::int64_t time = kNoTime;
        std::uint64_t messages = 0;
        std::string why;
    };
    std::vector<Gap> gaps;
    AttributeTables attributeTables;  ///< of the events
    /// Processes to be numbered before those of the events, whether or not an event names them.
    std::vector<std::int32_t> processes;

    /// Empties it and keeps its room.
    void clear();
};

/// What the whole trace is, known before its first event.
struct Description {
    std::string format;  ///< of the source, such as "server-log"
    std::string path;    ///< of the source
    TrackerRules rules;
    AddressForm addressForm = AddressForm::Decimal;
    bool mayHaveAttributes = false;  ///< events may; decides the minor version alone
    std::string json;                ///< device info and whatever else, as the text of a JSON object; may be empty
};

[[nodiscard]] std::string descriptionText(const Description& description);
/// What a newer program added is passed over; what is missing stays as it is by default. False for what is no JSON.
[[nodiscard]] bool readDescription(std::string_view text, Description& description);

}  // namespace alloclens::native
