// SPDX-License-Identifier: GPL-3.0-or-later
//
// Faults with a known cause, each a piece of a Scenario: what a program did wrong, or what went wrong in tracking it.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "tests/unit/support/scenario.h"

namespace alloclens::test {

inline constexpr std::int32_t kOther = 400;  ///< works on one device beside the program with the fault

inline void workBeside(Scenario& run, int buffers) {
    for (int i = 0; i < buffers; i += 5) {
        run.work(run.program, 5);
        run.work(kOther, 5, false);
    }
}

inline void staleOwner(Scenario& run) {
    run.blame(Cause::StaleOwner);
    for (int i = 0; i < 12; ++i) {
        const Buffer buffer = run.newBuffer();
        run.allocateOnAll(run.program, buffer);
        workBeside(run, 10);
        run.releaseOnAll(run.program, buffer);
        workBeside(run, 5 + static_cast<int>(run.random(20)));
        run.release(run.program, static_cast<std::int32_t>(run.random(8)), buffer);
        workBeside(run, 5);
    }
}

// On all devices, as a program does that holds mesh buffers.
inline void staleOwnerOfMeshBuffers(Scenario& run) {
    run.blame(Cause::StaleOwner);
    for (int i = 0; i < 8; ++i) {
        const Buffer buffer = run.newBuffer();
        run.allocateOnAll(run.program, buffer);
        workBeside(run, 10);
        run.releaseOnAll(run.program, buffer);
        workBeside(run, 10);
        for (std::int32_t device = 0; device < Scenario::kDevices; ++device) {
            run.release(run.program, device, buffer);
            workBeside(run, 5);
        }
    }
}

inline void staleOwnerInOtherProcess(Scenario& run) {
    run.blame(Cause::StaleOwner);
    for (int i = 0; i < 12; ++i) {
        const Buffer buffer = run.newBuffer();
        run.allocate(run.program, 3, buffer);
        workBeside(run, 10);
        run.release(run.program, 3, buffer);
        if (i % 2 == 0) workBeside(run, 5);
        run.release(kOther, 3, buffer);
    }
    workBeside(run, 20);
}

inline void pool(Scenario& run, bool isReversed, bool isAtEnd) {
    run.blame(Cause::TeardownPool);
    std::vector<Buffer> held;
    for (int i = 0; i < 40; ++i) {
        held.push_back(run.newBuffer());
        run.allocateOnAll(run.program, held.back());
        workBeside(run, 5);
    }
    for (const Buffer& buffer : held) run.releaseOnAll(run.program, buffer);
    workBeside(run, 15);
    if (isAtEnd) run.finish(run.program);
    if (isReversed) std::reverse(held.begin(), held.end());
    for (const Buffer& buffer : held) run.releaseOnAll(run.program, buffer);
    if (!isAtEnd) workBeside(run, 15);
}
inline void poolInOrder(Scenario& run) { pool(run, false, true); }
inline void poolReversed(Scenario& run) { pool(run, true, true); }
inline void poolBeforeTheEnd(Scenario& run) { pool(run, false, false); }

inline void meshLevels(Scenario& run) {
    run.blame(Cause::MeshLevels);
    for (int i = 0; i < 15; ++i) {
        const Buffer buffer = run.newBuffer();
        for (int generation = 0; generation < 3; ++generation) {
            run.allocateOnAll(run.program, buffer);
            workBeside(run, 5);
            run.releaseOnAll(run.program, buffer);
            run.releaseOnAll(run.program, buffer);
        }
    }
    workBeside(run, 20);
}

inline void backingTwice(Scenario& run) {
    run.blame(Cause::MeshBackingTwice);
    for (int i = 0; i < 15; ++i) {
        const Buffer buffer = run.newBuffer();
        run.allocateOnAll(run.program, buffer);
        workBeside(run, 10);
        run.releaseOnAll(run.program, buffer);
        run.release(run.program, 0, buffer);
    }
    workBeside(run, 20);
}

inline void viewFreesParent(Scenario& run) {
    run.blame(Cause::ViewFreesParent);
    for (int i = 0; i < 15; ++i) {
        const Buffer buffer = run.newBuffer();
        for (int generation = 0; generation < 4; ++generation) {
            run.allocateOnAll(run.program, buffer);
            workBeside(run, 5);
            for (std::int32_t device = 0; device < Scenario::kDevices; ++device) {
                run.release(run.program, device, buffer);
                if (generation == 2) run.release(run.program, device, buffer);
            }
        }
    }
    workBeside(run, 20);
}

inline void reordered(Scenario& run) {
    run.blame(Cause::Reordered);
    for (int i = 0; i < 15; ++i) {
        const Buffer buffer = run.newBuffer();
        const auto device = static_cast<std::int32_t>(run.random(8));
        run.release(run.program, device, buffer);
        if (run.random(2) == 0) run.work(kOther, 2, false);
        run.allocate(run.program, device, buffer);
        workBeside(run, 5);
    }
}

inline void lostAllocation(Scenario& run) {
    run.blame(Cause::LostAllocation);
    for (int i = 0; i < 15; ++i) {
        const Buffer buffer = run.newBuffer();
        if (i % 2 == 0) {  // a generation before the one that is lost
            run.allocateOnAll(run.program, buffer);
            workBeside(run, 5);
            run.releaseOnAll(run.program, buffer);
        }
        const auto missing = static_cast<std::int32_t>(run.random(8));
        for (std::int32_t device = 0; device < Scenario::kDevices; ++device) {
            if (device != missing) run.allocate(run.program, device, buffer);
        }
        workBeside(run, 10);
        run.releaseOnAll(run.program, buffer);
        workBeside(run, 5);
    }
}

inline void olderThanTracker(Scenario& run) {
    run.blame(Cause::OlderThanTracker);
    for (int i = 0; i < 15; ++i) {
        run.releaseOnAll(run.program, run.newBuffer());
        run.work(run.program, 1);
    }
    workBeside(run, 300);
}

inline void sweptProcess(Scenario& run) {
    run.blame(Cause::SweptProcess);
    std::vector<Buffer> held;
    for (int i = 0; i < 20; ++i) {
        held.push_back(run.newBuffer());
        run.allocate(run.program + 1, 5, held.back());
        workBeside(run, 5);
    }
    run.die(run.program + 1);
    for (const Buffer& buffer : held) run.release(run.program, 5, buffer);
    workBeside(run, 5);
}

inline void mergedMemories(Scenario& run) {
    run.blame(Cause::MergedMemories);
    for (int i = 0; i < 15; ++i) {
        Buffer buffer = run.newBuffer();
        buffer.memory = Memory::Dram;
        run.allocate(run.program, 1, buffer);
        workBeside(run, 5);
        Buffer other = buffer;
        other.memory = Memory::L1;
        run.allocate(run.program, 1, other);
        workBeside(run, 5);
        run.release(run.program, 1, buffer);
        workBeside(run, 5);
        run.release(run.program, 1, other);
    }
    workBeside(run, 5);
}

inline void strayMessage(Scenario& run) {
    run.blame(Cause::StrayMessage);
    for (int i = 0; i < 15; ++i) {
        workBeside(run, 5);
        run.release(0, static_cast<std::int32_t>(run.random(8)), run.newBuffer());
    }
}

inline void protocolMismatch(Scenario& run) {
    run.blame(Cause::ProtocolMismatch);
    constexpr std::int32_t kClient = 500;
    std::vector<Buffer> live;
    for (int i = 0; i < 300; ++i) {
        live.push_back(run.newBuffer());
        if (run.random(2) == 0) run.allocate(kClient, 4, live.back());
        if (i % 10 == 0) run.complain();
        if (i % 6 == 0) workBeside(run, 5);
        if (live.size() < 20) continue;
        if (run.random(2) == 0) run.release(kClient, 4, live.front());
        live.erase(live.begin());
    }
    workBeside(run, 5);
}

inline void tornLine(Scenario& run) {
    run.blame(Cause::TornLine);
    for (int i = 0; i < 15; ++i) {
        workBeside(run, 5);
        run.tornLine();
        run.release(run.program, static_cast<std::int32_t>(run.random(8)), run.newBuffer());
    }
    workBeside(run, 5);
}

/// A fault with a known cause.
struct Fault {
    const char* name;
    void (*run)(Scenario&);
    Cause cause;
    TrackerRules rules = {};
};
inline constexpr TrackerRules kWithoutCounts{false, false};
// Frees that name the mesh's first device, whichever device has the buffer.
inline void wrongDevice(Scenario& run) {
    run.blame(Cause::WrongDevice);
    for (int i = 0; i < 15; ++i) {
        const Buffer buffer = run.newBuffer();
        run.allocate(run.program, 1 + i % (Scenario::kDevices - 1), buffer);
        workBeside(run, 5);
        run.release(run.program, 0, buffer);
    }
    workBeside(run, 20);
}

inline const std::array kFaults = {
    Fault{"a stale owner", staleOwner, Cause::StaleOwner},
    Fault{"a stale owner of mesh buffers", staleOwnerOfMeshBuffers, Cause::StaleOwner},
    Fault{"a stale owner in another process", staleOwnerInOtherProcess, Cause::StaleOwner},
    Fault{"a pool at the end, in order", poolInOrder, Cause::TeardownPool},
    Fault{"a pool at the end, reversed", poolReversed, Cause::TeardownPool},
    Fault{"a pool in the middle", poolBeforeTheEnd, Cause::TeardownPool},
    Fault{"two levels of a mesh", meshLevels, Cause::MeshLevels},
    Fault{"a backing buffer", backingTwice, Cause::MeshBackingTwice},
    Fault{"views", viewFreesParent, Cause::ViewFreesParent},
    Fault{"frees before allocations", reordered, Cause::Reordered},
    Fault{"lost allocations", lostAllocation, Cause::LostAllocation},
    Fault{"buffers older than the tracker", olderThanTracker, Cause::OlderThanTracker},
    Fault{"a process that was swept", sweptProcess, Cause::SweptProcess},
    Fault{"two memories under one address", mergedMemories, Cause::MergedMemories, kWithoutCounts},
    Fault{"stray messages", strayMessage, Cause::StrayMessage},
    Fault{"a client of another record size", protocolMismatch, Cause::ProtocolMismatch},
    Fault{"torn lines", tornLine, Cause::TornLine},
    Fault{"a wrong device", wrongDevice, Cause::WrongDevice},
};

// Near misses: what distinguishes these causes is not in the trace, so they may stay undetermined.

// On one device there are no siblings that have the allocation.
inline void lostAllocationAlone(Scenario& run) {
    run.blame(Cause::LostAllocation);
    for (int i = 0; i < 15; ++i) {
        workBeside(run, 10);
        run.release(run.program, 6, run.newBuffer());
    }
    workBeside(run, 100);
}

// One call too many directly behind the right one, on the device that a mesh's backing buffer would have.
inline void freedTwiceAtOnce(Scenario& run) {
    run.blame(Cause::StaleOwner);
    for (int i = 0; i < 12; ++i) {
        const Buffer buffer = run.newBuffer();
        run.allocateOnAll(run.program, buffer);
        workBeside(run, 10);
        run.releaseOnAll(run.program, buffer);
        run.release(run.program, 0, buffer);
    }
    workBeside(run, 20);
}

// A pool of few buffers.
inline void smallPool(Scenario& run) {
    run.blame(Cause::TeardownPool);
    std::vector<Buffer> held;
    for (int i = 0; i < 3; ++i) {
        held.push_back(run.newBuffer());
        run.allocate(run.program, 1, held.back());
        workBeside(run, 5);
    }
    for (const Buffer& buffer : held) run.release(run.program, 1, buffer);
    workBeside(run, 15);
    for (const Buffer& buffer : held) run.release(run.program, 1, buffer);
}

// Of one generation: every generation has it, or just this one.
inline void viewOfOneGeneration(Scenario& run) {
    run.blame(Cause::ViewFreesParent);
    for (int i = 0; i < 15; ++i) {
        const Buffer buffer = run.newBuffer();
        run.allocateOnAll(run.program, buffer);
        workBeside(run, 5);
        run.releaseOnAll(run.program, buffer);
        run.releaseOnAll(run.program, buffer);
    }
    workBeside(run, 20);
}

// Freed late in the run.
inline void olderThanTrackerLate(Scenario& run) {
    run.blame(Cause::OlderThanTracker);
    workBeside(run, 200);
    for (int i = 0; i < 15; ++i) run.releaseOnAll(run.program, run.newBuffer());
}

// A stale owner whose buffer's address is allocated anew right after, and leaks.
inline void staleOwnerBeforeALeak(Scenario& run) {
    run.blame(Cause::StaleOwner);
    for (int i = 0; i < 12; ++i) {
        const Buffer buffer = run.newBuffer();
        run.allocate(run.program, 3, buffer);
        workBeside(run, 10);
        run.release(run.program, 3, buffer);
        workBeside(run, 5);
        run.release(run.program, 3, buffer);
        workBeside(run, 40);
        run.allocate(run.program, 3, buffer);
    }
}

inline const std::array kNearMisses = {
    Fault{"a lost allocation on one device", lostAllocationAlone, Cause::LostAllocation},
    Fault{"freed twice at once", freedTwiceAtOnce, Cause::StaleOwner},
    Fault{"a small pool", smallPool, Cause::TeardownPool},
    Fault{"views of one generation", viewOfOneGeneration, Cause::ViewFreesParent},
    Fault{"buffers older than the tracker, late", olderThanTrackerLate, Cause::OlderThanTracker},
    Fault{"a stale owner before a leak", staleOwnerBeforeALeak, Cause::StaleOwner},
};

}  // namespace alloclens::test
