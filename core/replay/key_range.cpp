// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/key_range.h"

#include <algorithm>
#include <numeric>

namespace alloclens {

std::vector<KeyRange> divideKeys(const std::vector<DeviceSummary>& devices, const std::vector<std::uint64_t>& eventsOf,
                                 std::size_t ranges) {
    const std::uint64_t all = std::max<std::uint64_t>(
        1, std::accumulate(eventsOf.begin(), eventsOf.end(), std::uint64_t{0}));
    std::vector<KeyRange> divided;
    std::uint64_t events = 0;
    KeyRange range;
    for (std::size_t device = 0; device < devices.size(); ++device) {
        // A device goes to the range in whose share its middle lies.
        const std::uint64_t middle = events + eventsOf[device] / 2;
        const bool isBehind = middle * ranges >= all * (divided.size() + 1);
        if (isBehind && range.first < range.last && divided.size() + 1 < ranges) {
            divided.push_back(range);
            range.first = range.last;
        }
        events += eventsOf[device];
        range.last += static_cast<std::uint32_t>(devices[device].addresses);
    }
    divided.push_back(range);
    return divided;
}

}  // namespace alloclens
