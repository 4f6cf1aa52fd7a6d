// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether lines with different tags are those of one server. Servers know nothing of each other's buffers: a free in
// one's lines is of a buffer that its own lines allocate. Tags that are levels, threads or symbols divide the lines of
// one server, and frees are elsewhere than their allocations. Used by one thread; memory is bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "importers/server_log/event_line.h"

namespace alloclens::server_log {

class StreamOwners {
public:
    /// The next event of the log, in the lines of this stream.
    void add(const EventMatch& match, const std::string& stream);
    /// Frees show that the streams are one server's.
    [[nodiscard]] bool isOneServer() const;

private:
    struct Key {
        std::uint64_t address = 0;
        std::int32_t device = 0;
        std::int32_t pid = 0;
        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const;
    };

    std::unordered_map<std::string, std::uint32_t> m_streams;
    std::unordered_map<Key, std::vector<std::uint32_t>, Hash> m_live;  ///< in which streams
    std::uint64_t m_own = 0;                                           ///< frees of the stream's own buffers
    std::uint64_t m_others = 0;                                        ///< and of another stream's
};

}  // namespace alloclens::server_log
