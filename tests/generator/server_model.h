// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tracking server of one generation: takes messages one by one and prints what the real server prints. It has the
// server's rules, odd ones included: the first allocator owns a key; later allocations of a live key only count;
// SYSTEM_MEMORY is added to L1_SMALL; a sweep ignores counts. The real server prints some entries in hash order; the
// model uses another fixed scrambled order.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "buffer_history.h"
#include "generation.h"
#include "line_writer.h"
#include "message.h"

namespace alloclens::generator {

struct Sweep {
    int process;
    std::uint64_t line;  // of `Removed n buffers`
};

// The effect of a message.
struct Reply {
    std::uint64_t line = 0;  // of the event itself; 0 if the server printed none or rejected the message
    bool rejected = false;
    std::vector<Sweep> sweeps;
};

class ServerModel {
public:
    ServerModel(Generation generation, int devices, LineWriter& out);

    void start();
    Reply handle(const Message& message);
    void stop();

private:
    struct Entry {
        std::uint64_t size;
        std::uint8_t type;
        int owner;
        std::int64_t references;
    };
    struct Counters {
        std::array<std::uint64_t, 5> bytes{};  // by Memory; SYSTEM_MEMORY stays 0
        std::uint64_t buffers = 0;
        std::uint64_t circularBytes = 0;
        std::uint64_t kernelBytes = 0;
    };
    struct Program {
        std::uint64_t size;
        std::uint8_t type;
        int owner;
    };
    using Entries = std::unordered_map<AddressKey, Entry, AddressKeyHash>;
    using Programs = std::unordered_map<AddressKey, Program, AddressKeyHash>;

    [[nodiscard]] bool rejects(const Message& message);
    void allocate(const Message& message, Reply& reply);
    void free(const Message& message, Reply& reply);
    void refuse(const Message& message, Reply& reply);
    void program(const Message& message, Reply& reply);
    LineWriter& id(std::uint64_t address);
    void count(const AddressKey& key, const Entry& entry, bool added);

    void printDetection();
    void printStatistics();
    void sweep(Reply& reply);
    void removeOwned(int process, Reply& reply);
    void dumpRemaining(Reply& reply);
    void printRemaining(int device, std::uint8_t type, const std::vector<const Entries::value_type*>& entries);
    void dumpKernels();
    void printDoubleFreed();
    void frame(std::string_view title);

    const GenerationTraits& m_traits;
    Generation m_generation;
    int m_devices;
    LineWriter& m_out;
    Entries m_entries;
    std::vector<Counters> m_counters;
    Programs m_circular;
    Programs m_kernels;
    std::set<int> m_dead;
    HistoryBook m_histories;  // G1e only
};

// The names that the server prints, by number on the wire.
inline constexpr std::array<std::string_view, 5> kMemoryNames{"DRAM", "L1", "SYSTEM_MEMORY", "L1_SMALL", "TRACE"};

}  // namespace alloclens::generator
