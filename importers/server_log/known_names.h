// SPDX-License-Identifier: GPL-3.0-or-later
//
// The processes and devices that a log is really about: a number that names one stands in several events, or in a small
// log in a good part of them. What hardly occurs may be two writers' digits side by side. Made once of the events that
// were read whole.
#pragma once

#include <cstdint>
#include <unordered_set>

#include "core/trace/trace_builder.h"

namespace alloclens::server_log {

class KnownNames {
public:
    /// So many events make a process known and so many addresses a device, or one in so many of all.
    static constexpr std::size_t kFewest = 3;
    static constexpr std::size_t kOneIn = 20;

    KnownNames(const TraceBuilder& builder, const Trace& draft);

    [[nodiscard]] bool hasPid(std::int32_t pid) const { return m_pids.count(pid) > 0; }
    [[nodiscard]] bool hasDevice(std::int32_t device) const { return m_devices.count(device) > 0; }
    [[nodiscard]] bool hasBoth(const TracePart::Event& event) const {
        return hasPid(event.pid) && hasDevice(event.key.device);
    }
    /// Whether the log has any others.
    [[nodiscard]] bool hasStrangers() const { return m_hasStrangers; }

private:
    void collectPids(const Trace& draft);
    /// Gives how many there are in all, known or not.
    [[nodiscard]] std::size_t collectDevices(const std::vector<AddressKey>& keys);

    std::unordered_set<std::int32_t> m_pids;
    std::unordered_set<std::int32_t> m_devices;
    bool m_hasStrangers = false;
};

}  // namespace alloclens::server_log
