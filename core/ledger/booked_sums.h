// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the server counts of a device: live entries and their bytes, by memory, and the counters that it prints, which a
// size that changed may leave behind. Sums of bytes wrap as the server's do. Values of LiveTable, for any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

#include "core/trace/event.h"

namespace alloclens {

struct MemorySums {
    std::uint64_t entries = 0;
    std::uint64_t liveBytes = 0;     ///< of the entries as they are
    std::uint64_t bookedBytes = 0;   ///< the counter, which a changed size may leave behind
    std::uint64_t unknownSizes = 0;  ///< entries whose size is not known

    /// Adds or takes away the bytes of an entry; kNoSize where they are not known.
    void book(std::uint64_t size, bool isMore) {
        if (size == kNoSize) {
            unknownSizes += isMore ? 1 : ~std::uint64_t{0};
            return;
        }
        const std::uint64_t bytes = isMore ? size : 0 - size;
        liveBytes += bytes;
        bookedBytes += bytes;
    }
    /// A live entry has another size from now on. The counter keeps the old one until the free subtracts the new one.
    void resize(std::uint64_t from, std::uint64_t to) {
        from == kNoSize ? static_cast<void>(--unknownSizes) : static_cast<void>(liveBytes -= from);
        liveBytes += to;
    }
};

struct DeviceSums {
    std::array<MemorySums, kMemoryCount> of{};
    std::uint32_t share = 0;        ///< row of the shares that the cores walk
    std::uint32_t server = 0;       ///< whose counters these are; of an earlier server they mean nothing
    bool isBookingUnknown = false;  ///< the counters hold something that the log does not tell

    [[nodiscard]] const MemorySums& in(Memory memory) const { return of[static_cast<std::size_t>(memory)]; }
    [[nodiscard]] MemorySums& in(Memory memory) { return of[static_cast<std::size_t>(memory)]; }
    [[nodiscard]] std::uint64_t allEntries() const { return sum(&MemorySums::entries); }
    [[nodiscard]] std::uint64_t allBooked() const { return sum(&MemorySums::bookedBytes); }
    [[nodiscard]] bool knowsBooked() const {
        return !isBookingUnknown
               && std::all_of(of.begin(), of.end(), [](const MemorySums& sums) { return sums.unknownSizes == 0; });
    }

private:
    [[nodiscard]] std::uint64_t sum(std::uint64_t MemorySums::*column) const {
        return std::accumulate(of.begin(), of.end(), std::uint64_t{0},
                               [column](std::uint64_t all, const MemorySums& sums) { return all + sums.*column; });
    }
};

}  // namespace alloclens
