// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tells the trace what became of damaged lines: counts those that gave an event as lines with events, and says in
// diagnostics what was read and what stays torn. Owned by one reassembly; writes to the draft.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "core/trace/trace.h"
#include "importers/server_log/damage.h"
#include "importers/server_log/event_line.h"
#include "importers/server_log/line_class.h"

namespace alloclens::server_log {

class ReassemblyReport {
public:
    explicit ReassemblyReport(Trace& draft) : m_draft(draft) {}

    /// The line counts as one with an event from now on, and no longer as one of `lineClass`.
    void heal(std::uint32_t line, LineClass lineClass);
    [[nodiscard]] bool isHealed(std::uint32_t line) const { return m_healed.count(line) > 0; }

    /// The event's pieces stand on lines from `line` to `last`.
    void addRead(std::uint32_t line, std::uint32_t last, const EventMatch& match);
    /// A line that read well said something else.
    void addCorrected(std::uint32_t line, const EventMatch& match);
    void addTorn(const DamagedLine& damaged, std::string_view text);

private:
    Trace& m_draft;
    std::unordered_set<std::uint32_t> m_healed;
};

}  // namespace alloclens::server_log
