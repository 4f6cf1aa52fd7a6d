// SPDX-License-Identifier: GPL-3.0-or-later
//
// One traced process: connects to the server and sends what its plan says, one send(2) a message as the real clients
// do. Runs in a process of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "load_plan.h"

namespace alloclens::load {

struct ClientOptions {
    std::string socket;
    std::size_t recordSize = 144;
    double rate = 0;  ///< messages a second; 0: as many as go
    bool measures = false;
    bool asks = false;  ///< asks at the end what is allocated, and waits for the answer
    PlanOptions plan;
};

struct ClientOutcome {
    PlanTruth truth;
    std::uint64_t messages = 0;
    std::uint64_t seconds = 0;         ///< ns, from the first message to the last
    std::uint64_t medianNs = 0;        ///< of one send(2)
    std::uint64_t percentile99Ns = 0;  ///< the same
    int error = 0;                     ///< of the system, where it could not go on
};

/// Waits at `gate` (a descriptor that becomes readable at its end) before it sends anything.
[[nodiscard]] ClientOutcome runClient(const ClientOptions& options, int gate);

}  // namespace alloclens::load
