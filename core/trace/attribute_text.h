// SPDX-License-Identifier: GPL-3.0-or-later
//
// Attributes of events as texts for people. Control characters and invalid bytes of the source become visible
// characters. Free functions, for any thread.
#pragma once

#include <string>
#include <vector>

#include "core/trace/trace.h"

namespace alloclens {

/// One call: "forward at model.py:31", "tt::Buffer::deallocate()+0x12 in libtt_metal.so". Omits the folders of a
/// module.
[[nodiscard]] std::string frameText(const AttributeTables& tables, FrameId frame);

/// The value as lines: a text has one, a stack has one for each call, innermost first. Empty if the event has no value.
[[nodiscard]] std::vector<std::string> attributeLines(const Trace& trace, Attribute attribute, EventId event);
/// The same as one text, calls separated by "; ".
[[nodiscard]] std::string attributeText(const Trace& trace, Attribute attribute, EventId event);

}  // namespace alloclens
