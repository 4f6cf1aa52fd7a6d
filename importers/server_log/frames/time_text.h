// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times as collectors write them before each line, of which only the length matters: dates and times of ISO 8601 and of
// syslog, times of day, seconds since 1970 with a fraction.
#pragma once

#include <cstddef>
#include <string_view>

namespace alloclens::server_log {

/// The length of the time that stands at the beginning of `text`; 0 where there is none.
[[nodiscard]] std::size_t timeLength(std::string_view text);

}  // namespace alloclens::server_log
