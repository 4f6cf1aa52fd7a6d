// SPDX-License-Identifier: GPL-3.0-or-later
//
// One memory of a mesh of devices as its allocators see it: ascending slots, each free or taken on each device. A
// buffer on several devices takes the same address on all of them, as the real lock-step allocators do; a slot that
// came free is taken again by whatever fits, so that addresses return with other sizes. Roughly first fit, at a bounded
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

    // Addresses from `base` up to `limit`; a buffer of n bytes covers n / banks of them on its device, since sizes are
    // totals over all banks. Slots keep a distance of at least `step`, which must be a power of two.
    AddressSpace(std::uint64_t base, std::uint64_t limit, std::uint64_t banks, std::uint64_t step);

    // Takes an address that is free on `count` devices from `first` on. Where none below the limit fits, goes beyond
    // it.
    [[nodiscard]] std::uint64_t take(std::uint64_t size, int first, int count);

    // Gives the address back on one device. Addresses that are no slot of this space are ignored.
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
    std::size_t m_lowest = 0;  // slots before it were taken when last looked at
    std::vector<Slot> m_slots;
};

}  // namespace alloclens::generator
