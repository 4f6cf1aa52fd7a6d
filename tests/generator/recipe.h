// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a generated log contains. The defaults give a lively run with a little of everything. Shares are probabilities
// for each action of a process. Equal recipes give equal logs.
#pragma once

#include <cstdint>

#include "generation.h"

namespace alloclens::generator {

struct Recipe {
    Generation generation = Generation::G2;
    std::uint64_t seed = 1;
    std::uint64_t events = 10'000;  // allocations and frees sent, about
    int devices = 8;                // at most what the generation knows
    int processes = 4;
    int firstProcessId = 20'117;

    bool foreignLines = false;
    double meshShare = 0.6;                 // allocations that go to all devices
    std::uint64_t liveBuffers = 24;         // that a process holds in the middle of the run
    double aliasShare = 0.015;              // allocates a live key again
    double doubleFreeShare = 0.008;         // frees what it freed before
    double staleOwnerShare = 0.15;          // of those: frees what has another owner by now
    double unknownFreeShare = 0.002;        // frees what nobody allocated
    double rejectedShare = 0.001;           // sends an allocation that the server rejects
    double programShare = 0.05;             // circular buffers and kernels, if the generation has them
    std::uint64_t deaths = 1;               // processes that die while they own buffers, if the generation sweeps
    std::uint64_t teardownFrees = 0;        // frees repeated at the end by one process; 0: a fiftieth of the events
    std::uint64_t leaks = 5;                // buffers left at the end, about
    std::uint64_t statisticsEvery = 4'000;  // messages; 0: only at the end
    std::uint64_t dumpEvery = 9'000;        // 0: never
};

}  // namespace alloclens::generator
