// SPDX-License-Identifier: GPL-3.0-or-later
//
// The line that the server would have printed of an event (docs/formats/server-log.md, "Event lines"), for traces whose
// source had no text.
#pragma once

#include <string>

#include "core/base/units.h"
#include "core/trace/trace_builder.h"

namespace alloclens::native {

/// Without a line end. What the event does not have is left out of the line.
[[nodiscard]] std::string eventWords(const TracePart::Event& event, AddressForm form);

}  // namespace alloclens::native
