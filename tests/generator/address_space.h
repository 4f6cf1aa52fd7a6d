// SPDX-License-Identifier: GPL-3.0-or-later
//
// One memory of a mesh of devices as its allocators see it: ascending slots, each free or taken on each device. A
// buffer on several devices gets the same address on all, as from real lock-step allocators. A free slot is reused by
// whatever fits, so addresses return with other sizes. First fit, about, at a bounded cost a call.
// cost per call.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace alloclens::generator {

class AddressSpace {
public:
    static constexpr std::size_t kMaxDevices = 256;

    // Addresses from `base` to `limit`. Sizes are totals over all banks, so a buffer of n bytes covers n / banks
    // addresses on its device. Slots are at least `step` apart. Requires: `step` is a power of two.
    AddressSpace(std::uint64_t base, std::uint64_t limit, std::uint64_t banks, std::uint64_t step);

    // Takes an address that is free on the devices [first, first + count). Goes above the limit if none fits below.
    [[nodiscard]] std::uint64_t take(std::uint64_t size, int first, int count);

    // Returns the address on one device. Ignores addresses that are not slots of this space.
    void giveBack(std::uint64_t address, int device);

    [[nodiscard]] bool covers(std::uint64_t address) const { return address >= m_base && address < m_top; }

private:
    using Devices = std::bitset<kMaxDevices>;
    struct Slot {
        std::uint64_t address;
        std::uint64_t extent;
        Devices taken;
    };

    std::uint64_t m_base;
    std::uint64_t m_limit;
    std::uint64_t m_banks;
    std::uint64_t m_step;
    std::uint64_t m_top;       // where the next new slot begins
    std::size_t m_lowest = 0;  // all slots before it were taken at the last look
    std::vector<Slot> m_slots;
};

}  // namespace alloclens::generator
