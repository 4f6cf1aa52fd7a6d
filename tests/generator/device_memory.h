// SPDX-License-Identifier: GPL-3.0-or-later
//
// All memories of a mesh, and which keys are open in them as far as clients know. It follows the messages in the order
// in which they are sent. So an address is reused only after its last free was sent, or its owner was swept.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "address_space.h"
#include "generation.h"
#include "message.h"
#include "random.h"

namespace alloclens::generator {

// A buffer of one process, at one address on the devices [first, first + count).
struct Buffer {
    std::uint64_t address = 0;
    std::uint64_t size = 0;
    std::uint8_t type = 0;
    int first = 0;
    int count = 1;
};

class DeviceMemory {
public:
    explicit DeviceMemory(const GenerationTraits& traits);

    // A new buffer of a likely size on those devices: mostly DRAM and L1, now and then a smaller memory.
    [[nodiscard]] Buffer place(Random& random, int first, int count);

    // Updates the open keys. Call it for each message that is sent.
    void follow(const Message& message);

    [[nodiscard]] bool isOpen(const AddressKey& key) const { return m_open.contains(key); }
    // Whether the key is open with another owner, size or memory than this allocation has.
    [[nodiscard]] bool differs(const Message& allocation) const;

    [[nodiscard]] std::optional<int> ownerOf(const AddressKey& key) const;

private:
    struct Open {
        std::uint64_t depth;
        int owner;
        std::uint64_t size;
        std::uint8_t type;
    };

    void close(const AddressKey& key);

    const GenerationTraits& m_traits;
    std::vector<AddressSpace> m_spaces;  // by Memory
    std::unordered_map<AddressKey, Open, AddressKeyHash> m_open;
    std::vector<int> m_dead;  // since the last sweep
};

}  // namespace alloclens::generator
