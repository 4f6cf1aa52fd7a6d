// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/reassembly_report.h"

#include <fmt/format.h>

#include <string>

#include "importers/server_log/plain_text.h"

namespace alloclens::server_log {
namespace {

std::string idText(const EventMatch& match) {
    return match.isHexadecimal ? fmt::format("0x{:x}", match.event.key.address)
                               : fmt::format("{}", match.event.key.address);
}

// The line as the server meant it.
std::string meantText(const EventMatch& match) {
    const TracePart::Event& event = match.event;
    const std::string id = idText(match);
    const auto count = [&event](std::string_view before, std::string_view behind) {
        return event.refCount > 0 ? fmt::format("{}{}{}", before, event.refCount, behind) : std::string();
    };
    switch (event.kind) {
    case EventKind::Allocation:
        return fmt::format("[PID {}] Allocated {} bytes of {} on device {} (buffer_id={}{})", event.pid, event.size,
                           memoryName(event.memory), event.key.device, id, count(", ref_count=", ""));
    case EventKind::RefusedFree:
        return fmt::format("[PID {}] Deallocation for {} buffer {} on device {}", event.pid,
                           match.isAlreadyFreed ? "ALREADY FREED" : "unknown", id, event.key.device);
    default:
        return fmt::format("[PID {}] Freed buffer {} on device {} ({} bytes{})", event.pid, id, event.key.device,
                           event.size,
                           event.kind == EventKind::PartialFree ? count(", ref_count=", " remaining") : ", FINAL");
    }
}

}  // namespace

void ReassemblyReport::heal(std::uint32_t line, LineClass lineClass) {
    if (!m_healed.insert(line).second) return;
    LineCounts& counts = m_draft.lineCounts;
    switch (lineClass) {
    case LineClass::Event: return;
    case LineClass::Damaged: --counts.damaged; break;
    case LineClass::Fact: --counts.facts; break;
    case LineClass::Foreign: --counts.foreign; break;
    }
    ++counts.events;
}

void ReassemblyReport::addRead(std::uint32_t line, std::uint32_t last, const EventMatch& match) {
    const std::string place = last == line ? std::string() : fmt::format("to line {}: ", last);
    m_draft.diagnostics.add({DiagnosticCode::Reassembled, line, place + meantText(match)});
}

void ReassemblyReport::addCorrected(std::uint32_t line, const EventMatch& match) {
    m_draft.diagnostics.add(
        {DiagnosticCode::Reassembled, line, "without another writer's digits: " + meantText(match)});
}

void ReassemblyReport::addTorn(const DamagedLine& damaged, std::string_view text) {
    m_draft.diagnostics.add({damaged.code, damaged.line, excerptOf(text)});
}

}  // namespace alloclens::server_log
