// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/known_names.h"

#include <unordered_map>

namespace alloclens::server_log {

KnownNames::KnownNames(const TraceBuilder& builder, const Trace& draft) {
    collectPids(draft);
    const std::size_t devices = collectDevices(builder.keys());
    m_hasStrangers = m_devices.size() < devices || m_pids.size() < draft.processes.size();
}

void KnownNames::collectPids(const Trace& draft) {
    const EventTable& events = draft.events;
    std::vector<std::size_t> eventsOf(draft.processes.size());
    for (std::size_t i = 0; i < events.count(); ++i) {
        if (const ProcessId process = events.process[i]; process.isValid()) ++eventsOf[process.index()];
    }
    for (std::size_t i = 0; i < eventsOf.size(); ++i) {
        if (eventsOf[i] >= kFewest || eventsOf[i] * kOneIn >= events.count()) m_pids.insert(draft.processes[i]);
    }
}

std::size_t KnownNames::collectDevices(const std::vector<AddressKey>& keys) {
    std::unordered_map<std::int32_t, std::size_t> keysOf;
    for (const AddressKey& key : keys) ++keysOf[key.device];
    for (const auto& [device, count] : keysOf) {
        if (device != kNoDevice && (count >= kFewest || count * kOneIn >= keys.size())) m_devices.insert(device);
    }
    return keysOf.size();
}

}  // namespace alloclens::server_log
