// SPDX-License-Identifier: GPL-3.0-or-later
//
// The attributes of events in reports: as JSON, as cells of tables, and as lines below the line of an event. What a
// trace lacks has no key, column or line. Free functions, for any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

#include "core/report/table.h"
#include "core/trace/trace.h"

namespace alloclens {

/// A text, or the calls of a stack as objects with what is known of each; null where the event has no value.
[[nodiscard]] nlohmann::ordered_json attributeJson(const Trace& trace, Attribute attribute, EventId event);
/// Puts those that an event has into its JSON.
void addAttributes(const Trace& trace, EventId event, nlohmann::ordered_json& json);

[[nodiscard]] std::vector<Attribute> attributesOf(const Trace& trace);
[[nodiscard]] Cell attributeCell(const Trace& trace, Attribute attribute, EventId event);

/// Lines for people: "name   weights", "stack  forward at model.py:31", and the other calls below it. Of many calls the
/// innermost ones.
[[nodiscard]] std::vector<std::string> attributeNotes(const Trace& trace, EventId event);

}  // namespace alloclens
