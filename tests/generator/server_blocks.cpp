// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server model's blocks: banner, statistics and sweeps. server_reports.cpp has the framed reports.
#include "server_model.h"
#include "units.h"

namespace alloclens::generator {

void ServerModel::start() {
    if (m_traits.detectsDevices) {
        printDetection();
    }
    if (m_traits.keepsHistory) {
        m_out.line("🚀 Enhanced Allocation Server started (with history tracking)");
        m_out.line("   Listening on: /tmp/tt_allocation_server.sock");
        return;
    }
    m_out.line("🚀 Allocation Server started");
    m_out.line("   Listening on: /tmp/tt_allocation_server.sock");
    m_out.line("   Press Ctrl+C to stop");
    if (m_traits.sweeps) {
        m_out.line("🔄 Background cleanup thread started (checking every 10s)");
    }
}

// Half of the devices are remote, behind the other half, as on boards with two chips. Only some generations print it.
void ServerModel::printDetection() {
    const bool fourth = m_generation == Generation::G4;
    const bool fifth = m_generation == Generation::G5;
    const int local = (m_devices + 1) / 2;
    if (fifth) {
        m_out.line("🔍 Device detection (all chips via ClusterDescriptor, no hugepages):");
        (m_out << "   Topology: " << local << " local chip(s), " << m_devices - local << " remote chip(s)").endLine();
    } else if (fourth) {
        m_out.line("🔍 Device detection (using UMD Cluster for accurate specs):");
    } else {
        m_out.line("🔍 Device detection (using TT-Metal APIs):");
    }
    for (int device = 0; device < m_devices; ++device) {
        const bool remote = device >= local;
        if (fourth) {
            m_out.line("DRAM size per channel: 1073741824");
            m_out.line("Number of DRAM channels: 12");
            m_out.line("L1 size per core: 1499136");
            m_out.line("Grid size: 8x9");
            m_out.line("Arch: Wormhole_B0");
            m_out.line(remote ? "Is remote: 1" : "Is remote: 0");
        }
        m_out << "   Device " << device << ": Wormhole_B0 (12GB DRAM, 102MB L1)";
        if (fourth) {
            m_out << (remote ? " [Remote]" : " [Local]");
        } else if (fifth) {
            m_out << (remote ? " [Remote Ethernet]" : " [Local PCIe]");
        }
        m_out.endLine();
    }
    m_out << "   Total: " << m_devices
          << (m_generation == Generation::G2 ? " PCIe device(s) detected" : " device(s) detected");
    if (fifth) {
        m_out << " (" << local << " local, " << m_devices - local << " remote)";
    }
    m_out.endLine();
    if (fifth && m_devices > local) {
        m_out.line("   Note: Remote chip specs from topology (hugepages needed for telemetry)");
    }
}

void ServerModel::stop() {
    printStatistics();
    if (m_traits.sweeps && !m_traits.keepsHistory) {
        m_out.line("🔄 Background cleanup thread stopped");
    }
    m_out.line("");
    m_out.line("🛑 Allocation Server stopped");
    if (m_traits.keepsHistory) {
        printDoubleFreed();
    }
}

void ServerModel::printStatistics() {
    m_out.line("");
    m_out.line("📊 Current Statistics:");
    for (std::size_t device = 0; device < m_counters.size(); ++device) {
        const Counters& counters = m_counters[device];
        std::uint64_t total = 0;
        for (const std::uint64_t bytes : counters.bytes) {
            total += bytes;
        }
        if (total == 0 && counters.buffers == 0) {
            continue;
        }
        (m_out << "  Device " << device << ":").endLine();
        (m_out << "    Buffers: " << counters.buffers).endLine();
        for (const Memory memory : {Memory::Dram, Memory::L1}) {
            const auto index = static_cast<std::size_t>(memory);
            const std::uint64_t bytes = counters.bytes.at(index);
            m_out << "    " << kMemoryNames.at(index) << ": ";
            if (m_traits.keepsHistory) {
                m_out << kibibytes(bytes) << " KB";
            } else if (m_traits.countsReferences) {
                m_out << bytes << " bytes (" << kibibytes(bytes) << " KB)";
            } else {
                m_out << bytes << " bytes";
            }
            m_out.endLine();
        }
        if (m_traits.keepsHistory) {
            (m_out << "    Total: " << kibibytes(total) << " KB").endLine();
        } else {
            (m_out << "    Total: " << total << " bytes").endLine();
        }
    }
    (m_out << "  Active allocations: " << m_entries.size()).endLine();
}

void ServerModel::sweep(Reply& reply) {
    if (!m_traits.sweeps || m_dead.empty()) {
        return;
    }
    std::set<int> found;
    const auto look = [&](const auto& map) {
        for (const auto& [key, entry] : map) {
            if (m_dead.contains(entry.owner)) {
                found.insert(entry.owner);
            }
        }
    };
    look(m_entries);
    look(m_circular);
    look(m_kernels);
    if (found.empty()) {
        return;
    }
    m_out.line("");
    m_out.line("⚠️  Detected dead processes, cleaning up orphaned buffers...");
    for (const int process : found) {
        removeOwned(process, reply);
    }
    m_out.line("");
}

void ServerModel::removeOwned(int process, Reply& reply) {
    (m_out << "   PID " << process << " is dead, removing its buffers...").endLine();
    const auto remove = [&](auto& map, std::string_view noun, const auto& uncount) -> std::uint64_t {
        std::uint64_t entries = 0;
        std::uint64_t bytes = 0;
        for (auto place = map.begin(); place != map.end();) {
            if (place->second.owner != process) {
                ++place;
                continue;
            }
            uncount(place->first, place->second);
            bytes += place->second.size;
            ++entries;
            place = map.erase(place);
        }
        if (entries == 0 && noun != "buffers") {
            return 0;
        }
        m_out << "   ✓ Removed " << entries << " " << noun << " (" << mebibytes(bytes) << " MB) from PID " << process;
        return m_out.endLine();
    };
    const auto countersOf = [&](const AddressKey& key) -> Counters& {
        return m_counters.at(static_cast<std::size_t>(key.device));
    };
    const std::uint64_t line = remove(m_entries, "buffers",
                                      [&](const AddressKey& key, const Entry& entry) { count(key, entry, false); });
    reply.sweeps.push_back({process, line});
    remove(m_circular, "CBs",
           [&](const AddressKey& key, const Program& entry) { countersOf(key).circularBytes -= entry.size; });
    remove(m_kernels, "kernels",
           [&](const AddressKey& key, const Program& entry) { countersOf(key).kernelBytes -= entry.size; });
}

}  // namespace alloclens::generator
