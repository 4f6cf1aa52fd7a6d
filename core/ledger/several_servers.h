// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether the lines of several servers are mixed in one log, as in the common output of all hosts of a job, without a
// tag that would tell them apart. The replay then takes the buffers of one server for those of another.
#pragma once

#include <optional>

#include "core/replay/replay.h"

namespace alloclens {

/// The first line that shows it, with the reason, or nothing. Linear in facts and contradictions.
[[nodiscard]] std::optional<Diagnostic> findSeveralServers(const Replay& replay);

}  // namespace alloclens
