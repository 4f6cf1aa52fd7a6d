// SPDX-License-Identifier: GPL-3.0-or-later
//
// The attributes of events as texts that can be shown: control characters and invalid bytes of the source are made
// visible. Free functions, for any thread.
#pragma once

#include <string>
#include <vector>

#include "core/trace/trace.h"

namespace alloclens {

/// One call: "forward at model.py:31", "tt::Buffer::deallocate()+0x12 in libtt_metal.so". Its module has no folders.
[[nodiscard]] std::string frameText(const AttributeTables& tables, FrameId frame);

/// The value of a text in one line, of a stack one line a call, the innermost first; none where the event has no value.
[[nodiscard]] std::vector<std::string> attributeLines(const Trace& trace, Attribute attribute, EventId event);
/// The same as one text, calls separated by "; ".
[[nodiscard]] std::string attributeText(const Trace& trace, Attribute attribute, EventId event);

}  // namespace alloclens
