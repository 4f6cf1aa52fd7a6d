// SPDX-License-Identifier: GPL-3.0-or-later
//
// One traced process: connects to the server and sends the messages of its plan, one send(2) each, as real clients do.
// Runs in a process of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "load_plan.h"

namespace alloclens::load {

struct ClientOptions {
    std::string socket;
    std::size_t recordSize = 144;
    double rate = 0;  ///< messages a second; 0: no limit
    bool measures = false;
    bool asks = false;  ///< asks at the end what is allocated, and waits for the answer
    PlanOptions plan;
};

struct ClientOutcome {
    PlanTruth truth;
    std::uint64_t messages = 0;
    std::uint64_t seconds = 0;         ///< in ns, from the first message to the last
    std::uint64_t medianNs = 0;        ///< of one send(2)
    std::uint64_t percentile99Ns = 0;  ///< of one send(2)
    int error = 0;                     ///< errno if it could not go on, else 0
};

/// Sends nothing until `gate`, a descriptor, reaches its end.
[[nodiscard]] ClientOutcome runClient(const ClientOptions& options, int gate);

}  // namespace alloclens::load
