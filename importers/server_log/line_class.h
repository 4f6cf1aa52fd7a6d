// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a line of the log counts as. Every line is one of these (LineCounts).
#pragma once

#include <string_view>

namespace alloclens::server_log {

/// In the order in which one outweighs another where a line holds several.
enum class LineClass { Event, Damaged, Fact, Foreign };

/// What a line without NUL bytes and escape sequences counts as by itself.
[[nodiscard]] LineClass classOf(std::string_view text);

}  // namespace alloclens::server_log
