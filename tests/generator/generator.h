// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes logs of the tracking server and the truth about them, for tests, benchmarks and samples. Equal recipes give
// equal bytes on every machine. `stream` holds only what is live, so a log may be as long as the disk allows.
#pragma once

#include <cstdint>
#include <string>

#include "capture_writer.h"
#include "line_writer.h"
#include "recipe.h"
#include "truth.h"

namespace alloclens::generator {

struct Generated {
    std::string log;
    Truth truth;
};

// Throws std::invalid_argument if the recipe has devices that the generation lacks, or no process.
[[nodiscard]] Generated generate(const Recipe& recipe);

// Writes the log to `sink` in blocks of whole lines, and returns the number of lines. Fills `truth` unless it is null.
// `capture` also gets the messages, unless it is null.
std::uint64_t stream(const Recipe& recipe, const TextSink& sink, Truth* truth = nullptr,
                     CaptureWriter* capture = nullptr);

// The log of the documentation and the tour: G2, eight devices, about 17,000 lines and 1,000 refused frees, most of
// them in one teardown. One process allocates buffer 695055872 on device 4 at line 14896, and frees it at 14936 and
// again at 15261. Buffer 25718784 on device 2 is freed twice after a reuse with another size (3945, 3973, 3981, 4021,
// 5300).
[[nodiscard]] Generated referenceLog();

}  // namespace alloclens::generator
