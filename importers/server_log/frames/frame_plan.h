// SPDX-License-Identifier: GPL-3.0-or-later
//
// Decides from lines of a log whether a collector, a terminal or a container cut its lines, and how they are made
// whole: the frame is learnt, and tried on the same lines. A plain log, and one that only has something before each
// line, needs no plan: the parser reads over that.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "importers/input.h"
#include "importers/server_log/damage.h"
#include "importers/server_log/frames/line_frame.h"
#include "importers/server_log/frames/line_joiner.h"

namespace alloclens::server_log {

struct FramePlan {
    LineFrame frame;
    JoinOptions options;
    bool isNeeded = false;  ///< reading without it would lose something
};

/// Learns from lines as they stand in a log; only `stream` is to be read where that is not empty.
[[nodiscard]] FramePlan planFrame(const std::vector<std::string_view>& raw, const std::string& stream);

/// The plan of a log that shows its frame at once, as containers' logs and lines of JSON do; costs little.
[[nodiscard]] FramePlan planFromHead(const Input& input, const std::string& stream);

/// The plan of a log in which lines stayed damaged: learns from what stands around them, and from the log's head.
[[nodiscard]] FramePlan planFromDamage(const Input& input, const Damage& damage, const std::string& stream);

}  // namespace alloclens::server_log
