// SPDX-License-Identifier: GPL-3.0-or-later
//
// Puts torn events together again, after all else of a log was read: of the readings of each torn line the one that the
// tracker can have printed there, if there is exactly one (docs/formats/server-log.md, "Torn lines"). Looks only at
// damaged lines and what stands close to them; runs in one thread over the collected trace, and gives the same whether
// the log was read at once or as it grew.
#pragma once

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/trace/trace_builder.h"
#include "importers/input.h"
#include "importers/server_log/damage.h"
#include "importers/server_log/event_line.h"

namespace alloclens::server_log {

/// Adds the events that `damage` holds to the draft, which holds all of the input before `end` but them, and reports
/// what stays torn. Errors are the input's.
[[nodiscard]] Result<void> reassemble(const Input& input, std::uint64_t end, const Damage& damage,
                                      Generation& generation, TraceBuilder& builder);

}  // namespace alloclens::server_log
