// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes logs of the tracking server together with the truth about them, for tests, benchmarks and samples. Everything
// is a function of the recipe: the same recipe gives the same bytes everywhere. `stream` holds only what is live, so
// that a log may be as long as the disk.
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

// Throws std::invalid_argument where the recipe asks for devices that the generation does not know, or for no process.
[[nodiscard]] Generated generate(const Recipe& recipe);

// Writes the log to `sink`, in blocks of whole lines, and returns the number of lines. With a null `truth` none is
// kept. `capture` takes the messages as well.
std::uint64_t stream(const Recipe& recipe, const TextSink& sink, Truth* truth = nullptr,
                     CaptureWriter* capture = nullptr);

// The log that the documentation and the tour show: G2, eight devices, about 17,000 lines, about 1,000 refused frees,
// most of them in one teardown. Buffer 695055872 on device 4 is allocated at line 14896, freed at 14936 and freed again
// at 15261 by one process; buffer 25718784 on device 2 is freed twice after a reuse with another size (3945, 3973,
// 3981, 4021, 5300).
[[nodiscard]] Generated referenceLog();

}  // namespace alloclens::generator
