// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lines of single messages. server_blocks.cpp and server_reports.cpp print blocks of lines.
#include "server_model.h"

#include "units.h"

namespace alloclens::generator {

namespace {

constexpr std::uint64_t kLargestSize = 100ULL << 30U;  // from G4 on, bytes

std::string_view kernelName(std::uint8_t type) {
    constexpr std::array<std::string_view, 3> kNames{"Application", "Fabric", "Dispatch"};
    return type < kNames.size() ? kNames[type] : "Unknown";
}

}  // namespace

ServerModel::ServerModel(Generation generation, int devices, LineWriter& out)
    : m_traits(traitsOf(generation)),
      m_generation(generation),
      m_devices(devices),
      m_out(out),
      m_counters(static_cast<std::size_t>(m_traits.maxDevices)) {}

Reply ServerModel::handle(const Message& message) {
    Reply reply;
    switch (message.kind) {
    case MessageKind::Allocate: allocate(message, reply); break;
    case MessageKind::Free: free(message, reply); break;
    case MessageKind::CircularAllocate:
    case MessageKind::CircularFree:
    case MessageKind::KernelLoad:
    case MessageKind::KernelUnload:
        if (m_traits.tracksPrograms) {
            program(message, reply);
        }
        break;
    case MessageKind::DumpRemaining:
        if (m_traits.dumps) {
            dumpRemaining(reply);
        }
        break;
    case MessageKind::DumpKernels:
        if (m_traits.tracksPrograms) {
            dumpKernels();
        }
        break;
    case MessageKind::StatisticsTick: printStatistics(); break;
    case MessageKind::CleanupTick: sweep(reply); break;
    case MessageKind::ProcessDied: m_dead.insert(message.process); break;
    case MessageKind::ForeignLine: reply.line = m_out.line(message.text); break;
    }
    return reply;
}

// Prints an id of an event line in the generation's form.
LineWriter& ServerModel::id(std::uint64_t address) {
    return m_traits.hexIds ? m_out << Hex{address} : m_out << address;
}

void ServerModel::count(const AddressKey& key, const Entry& entry, bool added) {
    Counters& counters = m_counters.at(static_cast<std::size_t>(key.device));
    const bool system = entry.type == static_cast<std::uint8_t>(Memory::SystemMemory);
    std::uint64_t& bytes = counters.bytes.at(system ? static_cast<std::size_t>(Memory::L1Small) : entry.type);
    // Unsigned and unchecked, as in the server: G1e subtracts other sizes than it added, so the sum may wrap.
    bytes = added ? bytes + entry.size : bytes - entry.size;
    counters.buffers = added ? counters.buffers + 1 : counters.buffers - 1;
}

// `⚠️  Invalid size 0 - ignoring message`, `⚠ [PID 4711] Invalid buffer_type 9 for buffer 101152 on device 0`
bool ServerModel::rejects(const Message& message) {
    if (m_traits.tracksPrograms && (message.size == 0 || message.size > kLargestSize)) {
        (m_out << "⚠️  Invalid size " << message.size << " - ignoring message").endLine();
        return true;
    }
    if (message.type < kMemoryNames.size()) {
        return false;
    }
    if (m_traits.tracksPrograms) {
        m_out << "⚠️  Invalid buffer_type ";
    } else {
        m_out << "⚠ [PID " << message.process << "] Invalid buffer_type ";
    }
    m_out << message.type;
    if (!m_traits.keepsHistory) {
        m_out << " for buffer " << message.address << " on device " << message.device;
    }
    m_out.endLine();
    return true;
}

void ServerModel::allocate(const Message& message, Reply& reply) {
    if (rejects(message)) {
        reply.rejected = true;
        return;
    }
    const AddressKey key{message.device, message.address};
    const auto [place, first] = m_entries.try_emplace(key, Entry{message.size, message.type, message.process, 0});
    Entry& entry = place->second;
    if (!first && !m_traits.countsReferences) {
        count(key, entry, false);
        entry = Entry{message.size, message.type, message.process, 0};
    }
    if (first || !m_traits.countsReferences) {
        count(key, entry, true);
    }
    if (m_traits.keepsHistory && entry.size != message.size) {
        (m_out << "⚠ [PID " << message.process << "] Buffer reused with DIFFERENT size: old=" << entry.size
               << " new=" << message.size << " (buffer_id=" << message.address << ", device=" << message.device << ")")
            .endLine();
        entry.size = message.size;
    }
    entry.references = m_traits.countsReferences ? entry.references + 1 : 1;
    if (m_traits.keepsHistory) {
        m_histories[key].add({first ? "ALLOC" : "REUSE", message.size, message.process, entry.references});
    }
    m_out << "✓ [PID " << message.process << "] Allocated " << message.size << " bytes of "
          << kMemoryNames[message.type] << " on device " << message.device << " (buffer_id=";
    id(message.address);
    if (entry.references > 1) {
        m_out << ", ref_count=" << entry.references;
    }
    m_out << ")";
    reply.line = m_out.endLine();
}

void ServerModel::free(const Message& message, Reply& reply) {
    const AddressKey key{message.device, message.address};
    const auto place = m_entries.find(key);
    if (place == m_entries.end()) {
        refuse(message, reply);
        return;
    }
    Entry& entry = place->second;
    --entry.references;
    if (m_traits.keepsHistory) {
        m_histories[key].add({"FREE", entry.size, message.process, entry.references});
    }
    m_out << "✗ [PID " << entry.owner << "] Freed buffer ";
    id(message.address) << " on device " << message.device << " (" << entry.size << " bytes";
    if (entry.references > 0) {
        m_out << ", ref_count=" << entry.references << " remaining";
    } else if (m_traits.countsReferences) {
        m_out << ", FINAL";
    }
    m_out << ")";
    reply.line = m_out.endLine();
    if (entry.references == 0) {
        count(key, entry, false);
        m_entries.erase(place);
    }
}

void ServerModel::refuse(const Message& message, Reply& reply) {
    const AddressKey key{message.device, message.address};
    const auto known = m_histories.find(key);
    m_out << "⚠ [PID " << message.process << "] Deallocation for "
          << (known != m_histories.end() ? "ALREADY FREED" : "unknown") << " buffer ";
    id(message.address) << " on device " << message.device;
    if (known != m_histories.end()) {
        m_out << " (allocs=" << known->second.allocations << " frees=" << known->second.frees + 1 << ")";
    } else if (m_traits.keepsHistory) {
        m_out << " (never tracked or allocated before server started)";
    } else {
        m_out << " (allocated before tracking started)";
    }
    reply.line = m_out.endLine();
    if (known != m_histories.end()) {
        m_out.line("   Last 5 events for this buffer:");
        const auto& events = known->second.events;
        std::size_t printed = 0;
        for (auto event = events.rbegin(); event != events.rend() && printed < 5; ++event, ++printed) {
            (m_out << "     " << event->what << " size=" << event->size << " pid=" << event->process
                   << " ref=" << event->references)
                .endLine();
        }
    }
    if (m_traits.keepsHistory) {
        m_histories[key].add({"FREE", 0, message.process, 0});
    }
}

// Circular buffers: each allocation adds to the counter, each free subtracts its own size, whether known or not.
// Kernels: an unload of an unknown kernel prints nothing.
void ServerModel::program(const Message& message, Reply& reply) {
    const AddressKey key{message.device, message.address};
    const bool circular = message.kind == MessageKind::CircularAllocate || message.kind == MessageKind::CircularFree;
    const bool adds = message.kind == MessageKind::CircularAllocate || message.kind == MessageKind::KernelLoad;
    Programs& programs = circular ? m_circular : m_kernels;
    std::uint8_t type = message.type;
    if (adds) {
        programs[key] = Program{message.size, message.type, message.process};
    } else {
        const auto known = programs.find(key);
        if (known != programs.end()) {
            type = known->second.type;
            programs.erase(known);
        } else if (!circular) {
            return;
        }
    }
    Counters& counters = m_counters.at(static_cast<std::size_t>(message.device));
    std::uint64_t& total = circular ? counters.circularBytes : counters.kernelBytes;
    total = adds ? total + message.size : total - message.size;
    m_out << (adds ? "✓ [" : "✗ [");
    if (circular) {
        m_out << (adds ? "CB_ALLOC] " : "CB_FREE] ");
    } else {
        m_out << (adds ? "KERNEL_LOAD] " : "KERNEL_UNLOAD] ") << kernelName(type) << " kernel on ";
    }
    m_out << "Device " << message.device << (adds ? ": +" : ": -") << mebibytes(message.size)
          << " MB (Total: " << mebibytes(total) << " MB)";
    reply.line = m_out.endLine();
}

}  // namespace alloclens::generator
