// SPDX-License-Identifier: GPL-3.0-or-later
//
// What reaches the tracking server: messages of the traced processes, and events around it, such as its own timers, a
// death, or another program's line in the same file. A workload makes a stream of them. The server model turns each
// into lines, and the truth is computed from them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "random.h"

namespace alloclens::generator {

// The tracker's buffer types, numbered as on the wire.
enum class Memory : std::uint8_t { Dram, L1, SystemMemory, L1Small, Trace };

enum class MessageKind {
    Allocate,
    Free,
    CircularAllocate,
    CircularFree,
    KernelLoad,
    KernelUnload,
    DumpRemaining,
    DumpKernels,
    StatisticsTick,  // the server's statistics timer
    CleanupTick,     // the server looks for dead processes
    ProcessDied,     // the server notices it at its next check only
    ForeignLine,     // another program's line in the same file
};

struct Message {
    MessageKind kind = MessageKind::Allocate;
    int process = 0;
    int device = 0;
    std::uint64_t address = 0;
    std::uint64_t size = 0;  // bytes; a free has none
    std::uint8_t type = 0;   // a Memory, or for kernels 0 application, 1 fabric, 2 dispatch; other values are rejected
    std::string text{};      // of a foreign line
};

// The tracker's key: it counts references for each.
struct AddressKey {
    int device = 0;
    std::uint64_t address = 0;

    friend bool operator==(const AddressKey&, const AddressKey&) = default;
    friend auto operator<=>(const AddressKey&, const AddressKey&) = default;
};

struct AddressKeyHash {
    std::size_t operator()(const AddressKey& key) const {
        return static_cast<std::size_t>(Random::mix(key.address + (static_cast<std::uint64_t>(key.device) << 48U)));
    }
};

}  // namespace alloclens::generator
