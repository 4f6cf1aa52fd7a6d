// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/time_index.h"

#include "core/trace/event.h"

namespace alloclens {

TimeIndex::TimeIndex(const Column<std::int64_t>& times) {
    const auto* const first = std::find_if(times.begin(), times.end(), [](std::int64_t t) { return t != kNoTime; });
    if (first == times.end()) return;
    m_start = *first;
    m_end = m_start;
    std::int64_t* const before = m_before.extend((times.size() + kBlock - 1) / kBlock);
    for (std::size_t begin = 0; begin < times.size(); begin += kBlock) {
        before[begin / kBlock] = m_end;
        for (std::size_t i = begin; i < std::min(times.size(), begin + kBlock); ++i) m_end = std::max(m_end, times[i]);
    }
}

std::size_t TimeIndex::firstFrom(const Column<std::int64_t>& times, std::int64_t time) const {
    if (isEmpty() || times.size() == 0) return times.size();
    if (time <= m_start) return 0;
    // The last block before which that time had not been reached holds the event, or the one behind begins with it.
    const std::int64_t* const reached = std::lower_bound(m_before.begin(), m_before.end(), time);
    const auto block = static_cast<std::size_t>(reached - m_before.begin()) - 1;
    for (std::size_t i = block * kBlock; i < std::min(times.size(), (block + 1) * kBlock); ++i) {
        if (times[i] >= time) return i;
    }
    return std::min(times.size(), (block + 1) * kBlock);
}

}  // namespace alloclens
