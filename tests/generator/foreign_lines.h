// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines that other programs write to the server's log: loggers, test runners, memory meters. Some use the server's
// words or symbols, to trap careless readers. None has the form of an event.
#pragma once

#include <string>

#include "random.h"

namespace alloclens::generator {

// A random line, without a newline.
[[nodiscard]] std::string foreignLine(Random& random, int devices);

}  // namespace alloclens::generator
