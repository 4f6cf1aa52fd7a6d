// SPDX-License-Identifier: GPL-3.0-or-later
//
// The memories of a mesh together, and which keys are open in them as far as the clients can know: it follows the
// messages as they leave, so that an address is reused only after its last free has been sent, or its owner has been
// swept.
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

// One buffer of one process, on `count` devices from `first` on at the same address.
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

    // A new buffer of a likely size on those devices; mostly DRAM and L1, now and then one of the smaller memories.
    [[nodiscard]] Buffer place(Random& random, int first, int count);

    // Follows a message on its way out.
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
    std::vector<int> m_dead;  // died since the last sweep
};

}  // namespace alloclens::generator
