// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/frames/stream_owners.h"

#include <algorithm>

namespace alloclens::server_log {

std::size_t StreamOwners::Hash::operator()(const Key& key) const {
    constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15ULL;
    const auto device = static_cast<std::uint64_t>(static_cast<std::uint32_t>(key.device));
    const auto pid = static_cast<std::uint64_t>(static_cast<std::uint32_t>(key.pid));
    return static_cast<std::size_t>((key.address * kSpread ^ device << 32U ^ pid) * kSpread >> 7U);
}

void StreamOwners::add(const EventMatch& match, const std::string& stream) {
    constexpr std::size_t kMostStreams = 4096;
    constexpr std::size_t kMostLive = std::size_t{1} << 19;
    // A free's line names the process that allocated, whoever sent it.
    const TracePart::Event& event = match.event;
    const Key key{event.key.address, event.key.device, event.pid};
    if (m_streams.size() >= kMostStreams && m_streams.count(stream) == 0) return;
    const std::uint32_t number = m_streams.try_emplace(stream, static_cast<std::uint32_t>(m_streams.size()))
                                     .first->second;
    if (event.kind == EventKind::Allocation) {
        if (m_live.size() >= kMostLive) m_live.clear();
        std::vector<std::uint32_t>& streams = m_live[key];
        if (std::find(streams.begin(), streams.end(), number) == streams.end()) streams.push_back(number);
        return;
    }
    if (event.kind != EventKind::PartialFree && event.kind != EventKind::FinalFree) return;
    const auto live = m_live.find(key);
    if (live == m_live.end()) return;
    std::vector<std::uint32_t>& streams = live->second;
    const auto own = std::find(streams.begin(), streams.end(), number);
    ++(own != streams.end() ? m_own : m_others);
    if (event.kind != EventKind::FinalFree) return;
    streams.erase(own != streams.end() ? own : streams.begin());
    if (streams.empty()) m_live.erase(live);
}

bool StreamOwners::isOneServer() const {
    constexpr std::uint64_t kOneIn = 10;
    constexpr std::uint64_t kFewest = 2;
    return m_others >= kFewest && m_others * kOneIn >= m_own + m_others;
}

}  // namespace alloclens::server_log
