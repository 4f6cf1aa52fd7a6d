// SPDX-License-Identifier: GPL-3.0-or-later
//
// The truth about a generated log: its events, addresses and findings. It is computed from the messages that were sent,
// and from the line numbers of the answers, never from the text. Its own replay shares no state with the server model,
// so that each can check the other. Memory grows with distinct keys and findings.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "generation.h"
#include "message.h"

namespace alloclens::generator {

// Line numbers count from 1; 0 means none.
struct TruthFinding {
    std::string kind;
    int device = 0;
    std::uint64_t address = 0;
    std::uint64_t line = 0;
    std::uint64_t generation = 0;  // of the last lifetime before a refused free; 0 if there was none
    std::uint64_t allocated = 0;   // line at which that lifetime, or the swept one, began
    std::uint64_t released = 0;    // line of its final free
    bool sizeDiffers = false;      // an aliased allocation differs from the lifetime's first
    bool memoryDiffers = false;
};

struct TruthCounts {
    std::uint64_t allocations = 0;  // first and aliased
    std::uint64_t aliasedAllocations = 0;
    std::uint64_t partialFrees = 0;
    std::uint64_t finalFrees = 0;
    std::uint64_t unknownFrees = 0;
    std::uint64_t swept = 0;  // lifetimes
};

struct TruthAddresses {
    std::uint64_t total = 0;
    std::uint64_t balanced = 0;
    std::uint64_t unreleased = 0;
    std::uint64_t overFreed = 0;
};

class Truth {
public:
    explicit Truth(Generation generation = Generation::G2);

    // The server printed this event at `line`. Call these in the order of the lines.
    void allocated(const Message& message, std::uint64_t line);
    void freed(const Message& message, std::uint64_t line);
    void swept(int process, std::uint64_t line);
    // Counts another message under a name, for "more" in the JSON.
    void noted(std::string_view what) { ++m_more[std::string(what)]; }

    // Ends the log: what is live now leaks. Call it once, with the log's number of lines.
    void finish(std::uint64_t lines);

    [[nodiscard]] std::uint64_t lines() const { return m_lines; }
    [[nodiscard]] const TruthCounts& counts() const { return m_counts; }
    [[nodiscard]] const TruthAddresses& addresses() const { return m_addresses; }
    [[nodiscard]] const std::vector<TruthFinding>& findings() const { return m_findings; }
    [[nodiscard]] std::map<std::string, std::uint64_t> kinds() const;

    // {"lines", "counts", "addresses", "kinds", "findings", "more"} in one line of UTF-8.
    [[nodiscard]] std::string toJson() const;

private:
    enum class Ending { None, Released, Swept };

    struct Address {
        std::uint64_t depth = 0;
        std::uint64_t generation = 0;
        std::uint64_t firstLine = 0;
        std::uint64_t releaseLine = 0;
        std::uint64_t size = 0;
        std::uint8_t type = 0;
        int owner = 0;
        Ending ending = Ending::None;
        bool everRefused = false;
        bool everSwept = false;
    };

    Generation m_generation;
    std::uint64_t m_lines = 0;
    TruthCounts m_counts;
    TruthAddresses m_addresses;
    std::vector<TruthFinding> m_findings;
    std::map<std::string, std::uint64_t> m_more;
    std::unordered_map<AddressKey, Address, AddressKeyHash> m_keys;
};

}  // namespace alloclens::generator
