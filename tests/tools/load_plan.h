// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one traced process sends: allocations, frees and mistakes, drawn from a seed. Each address belongs to one
// process, so the server's result does not depend on how processes take turns. Counts the expected result while it
// draws.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "wire.h"

namespace alloclens::load {

struct PlanOptions {
    std::uint64_t seed = 1;
    unsigned process = 0;  ///< its number in the run
    std::uint64_t messages = 10000;
    unsigned devices = 8;
    unsigned live = 1000;          ///< about how many buffers are held
    double doubleFrees = 0.001;    ///< of all messages
    double unknownFrees = 0.0005;  ///< of addresses that were never allocated
    double reallocations = 0.005;  ///< of addresses that are live
    unsigned leaks = 5;            ///< buffers that are never freed
    bool exitsWithoutFreeing = false;
    bool isPython = false;  ///< numbers memories as Python's enumeration does
};

/// What a server with the first rules must count.
struct PlanTruth {
    std::uint64_t allocations = 0;  ///< of all kinds
    std::uint64_t aliasedAllocations = 0;
    std::uint64_t partialFrees = 0;
    std::uint64_t finalFrees = 0;
    std::uint64_t refusedFrees = 0;
    std::uint64_t doubleFrees = 0;
    std::uint64_t unknownFrees = 0;
    std::uint64_t liveAtEnd = 0;  ///< entries; a server sweeps them when it notices the death
};

class Plan {
public:
    explicit Plan(const PlanOptions& options);

    /// Draws the next message, without process and time. Returns false at the end.
    [[nodiscard]] bool next(WireMessage& message);
    [[nodiscard]] const PlanTruth& truth() const { return m_truth; }

private:
    struct Buffer {
        std::int32_t device = 0;
        std::uint64_t address = 0;
        std::uint64_t size = 0;
        std::uint8_t type = 0;
        unsigned references = 0;
    };

    [[nodiscard]] bool happens(double share);
    [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return m_random() % limit; }
    [[nodiscard]] WireMessage allocate();
    [[nodiscard]] WireMessage allocateAgain();
    [[nodiscard]] WireMessage release(std::size_t at);
    [[nodiscard]] WireMessage refusedFree(const Buffer& buffer, std::uint64_t& count);
    [[nodiscard]] Buffer newBuffer();

    PlanOptions m_options;
    std::mt19937_64 m_random;
    std::uint64_t m_sent = 0;
    std::uint64_t m_nextAddress = 0;
    std::vector<Buffer> m_live;
    std::vector<Buffer> m_free;  ///< freed and not live since
    PlanTruth m_truth;
};

}  // namespace alloclens::load
