// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server model's framed reports: remaining buffers, kernels, and the enhanced server's "double-freed" buffers.
#include <map>

#include "scrambled.h"
#include "server_model.h"
#include "units.h"

namespace alloclens::generator {

void ServerModel::frame(std::string_view title) {
    m_out.line("");
    m_out.line("╔══════════════════════════════════════════════════════════════╗");
    m_out << "║           " << title;
    for (std::size_t column = title.size(); column < 50; ++column) {
        m_out << " ";
    }
    m_out.line("║");
    m_out.line("╚══════════════════════════════════════════════════════════════╝");
}

void ServerModel::dumpRemaining(Reply& reply) {
    if (!m_traits.keepsHistory) {
        m_out.line("📋 Received DUMP_REMAINING request...");
    }
    sweep(reply);
    frame("REMAINING ALLOCATED BUFFERS");
    (m_out << "Total tracked allocations: " << m_entries.size()).endLine();
    m_out.line("");
    if (m_entries.empty()) {
        m_out.line("✓ No buffers remaining - perfect cleanup!");
        std::uint64_t doubleFreed = 0;
        for (const auto& [key, history] : m_histories) {
            doubleFreed += history.doubleFreed() ? 1U : 0U;
        }
        if (doubleFreed > 0) {
            m_out.line("");
            (m_out << "⚠️  However, found " << doubleFreed << " buffers that were DOUBLE-FREED during execution!")
                .endLine();
            printDoubleFreed();
        }
    } else {
        std::map<int, std::map<std::uint8_t, std::vector<const Entries::value_type*>>> groups;
        for (const auto* entry : scrambled(m_entries)) {
            groups[entry->first.device][entry->second.type].push_back(entry);
        }
        for (const auto& [device, types] : groups) {
            (m_out << "Device " << device << ":").endLine();
            for (const auto& [type, entries] : types) {
                printRemaining(device, type, entries);
            }
            m_out.line("");
        }
        (m_out << "Total remaining buffers: " << m_entries.size()).endLine();
        m_out.line("");
    }
    if (!m_traits.keepsHistory) {
        m_out.line("📋 DUMP_REMAINING complete.");
    }
}

// `  L1_SMALL: 1 buffers, 0.09375 MB total`, and a line for each buffer if they are few.
void ServerModel::printRemaining(int device, std::uint8_t type,
                                 const std::vector<const Entries::value_type*>& entries) {
    std::uint64_t bytes = 0;
    for (const auto* entry : entries) {
        bytes += entry->second.size;
    }
    (m_out << "  " << kMemoryNames.at(type) << ": " << entries.size() << " buffers, " << mebibytes(bytes)
           << " MB total")
        .endLine();
    if (entries.size() > 10) {
        return;
    }
    for (const auto* entry : entries) {
        const Entry& buffer = entry->second;
        (m_out << "    - Buffer " << Hex{entry->first.address} << ": " << kibibytes(buffer.size) << " KB (PID "
               << buffer.owner << ", ref_count=" << buffer.references << ")")
            .endLine();
        const auto known = m_histories.find({device, entry->first.address});
        if (known == m_histories.end()) {
            continue;
        }
        const BufferHistory& history = known->second;
        (m_out << "      History (allocs=" << history.allocations << " frees=" << history.frees << "):").endLine();
        std::size_t printed = 0;
        for (auto event = history.events.rbegin(); event != history.events.rend() && printed < 5; ++event, ++printed) {
            (m_out << "        " << event->what << " size=" << event->size << " pid=" << event->process
                   << " ref=" << event->references)
                .endLine();
        }
    }
}

void ServerModel::dumpKernels() {
    frame("DETAILED KERNEL ALLOCATIONS");
    (m_out << "Total kernel allocations: " << m_kernels.size()).endLine();
    std::map<int, std::vector<const Programs::value_type*>> groups;
    for (const auto* entry : scrambled(m_kernels)) {
        groups[entry->first.device].push_back(entry);
    }
    for (const auto& [device, kernels] : groups) {
        std::uint64_t bytes = 0;
        for (const auto* kernel : kernels) {
            bytes += kernel->second.size;
        }
        m_out.line("");
        (m_out << "📊 Device " << device << " - Total: " << mebibytes(bytes) << " MB (" << kernels.size() << " kernels)")
            .endLine();
        m_out.line("  ┌─────────────────────────────────────────────────────────┐");
        for (const auto* kernel : kernels) {
            (m_out << "  │ Kernel ID: " << Hex{kernel->first.address}).endLine();
            (m_out << "  │   Size:      " << kibibytes(kernel->second.size) << " KB").endLine();
            (m_out << "  │   Owner PID: " << kernel->second.owner).endLine();
            (m_out << "  │   Age:       " << kernel->first.address / 64U % 97U << " seconds").endLine();
            m_out.line("  │");
        }
        m_out.line("  └─────────────────────────────────────────────────────────┘");
    }
    m_out.line("");
    m_out.line("📋 DUMP_KERNELS complete.");
}

void ServerModel::printDoubleFreed() {
    frame("DOUBLE-FREED BUFFERS");
    m_out.line("");
    for (const auto* entry : scrambled(m_histories)) {
        const BufferHistory& history = entry->second;
        if (!history.doubleFreed()) {
            continue;
        }
        (m_out << "Buffer " << Hex{entry->first.address} << " on device " << entry->first.device << ":").endLine();
        (m_out << "  Total allocs: " << history.allocations << ", Total frees: " << history.frees).endLine();
        m_out.line("  History:");
        for (const HistoryEvent& event : history.events) {
            (m_out << "    " << event.what << " size=" << event.size << " pid=" << event.process
                   << " ref=" << event.references)
                .endLine();
        }
        m_out.line("");
    }
}

}  // namespace alloclens::generator
