// SPDX-License-Identifier: GPL-3.0-or-later
#include "foreign_lines.h"

#include <cstdint>

namespace alloclens::generator {

namespace {

std::string twoDigits(std::uint64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

// `2026-03-14 09:26:53.512 | info     |          Device | ... (file.cpp:42)`
std::string loggerLine(Random& random, const std::string& level, const std::string& text) {
    // One draw a statement, since the order in which operands of + are evaluated is not defined.
    const std::string hour = twoDigits(random.below(24));
    const std::string minute = twoDigits(random.below(60));
    const std::string second = twoDigits(random.below(60));
    const std::string fraction = std::to_string(random.between(100, 999));
    const std::string place = std::to_string(random.between(20, 900));
    return "2026-03-14 " + hour + ":" + minute + ":" + second + "." + fraction + " | " + level + text + ":" + place
           + ")";
}

}  // namespace

std::string foreignLine(Random& random, int devices) {
    const std::string device = std::to_string(random.below(static_cast<std::uint64_t>(devices)));
    const std::string number = std::to_string(random.between(2, 96));
    const std::string milliseconds = std::to_string(random.between(1000, 99'999));
    switch (random.below(14)) {
    case 0:
        return "[" + milliseconds + "ms] L1 Peak on device " + device + ": " + number + " MB (" + number + " buffers)";
    case 1: return "[" + milliseconds + "ms] L1 Drop on device " + device + ": " + number + " MB -> 0 MB";
    case 2:
        return loggerLine(random, "info     |          Device | ",
                          "Compiled program " + number + " for device " + device + " (program.cpp");
    case 3:
        return loggerLine(random, "warning  |           Metal | ",
                          "Queue of device " + device + " is " + number + " entries behind (queue.cpp");
    case 4: return "tests/mesh/test_attention.py::test_decode[batch-" + number + "] PASSED";
    case 5:
        return "tests/mesh/test_attention.py::test_prefill[seq-" + number + "k] SKIPPED (needs " + number + " devices)";
    case 6: return "============= " + number + " passed, 1 skipped in " + milliseconds + "s =============";
    case 7: return "CLEANUP FIXTURE: closing mesh with " + device + " open queues";
    case 8: return "✓ Weights of layer " + number + " are on device " + device;
    case 9: return "⚠ Layer " + number + ": Allocated tensors outnumber Freed ones on device " + device;
    case 10: return "    Freed buffer " + number + " of the host staging area";
    case 11: return "=== L1 Memory Summary === device " + device + ", program " + number;
    case 12: return random.below(2) == 0 ? "" : "   ";
    default: return "Decoding:  " + number + "%|███▌      | " + number + "/100 [00:" + number + "<00:09]";
    }
}

}  // namespace alloclens::generator
