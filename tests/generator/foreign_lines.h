// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines that other programs write into the same file as the server: loggers, test runners, memory meters. Some are
// traps for a careless reader (they use the server's words or symbols), but none has the form of a server's event.
#pragma once

#include <string>

#include "random.h"

namespace alloclens::generator {

[[nodiscard]] std::string foreignLine(Random& random, int devices);

}  // namespace alloclens::generator
