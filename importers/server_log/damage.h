// SPDX-License-Identifier: GPL-3.0-or-later
//
// What reading a log in one pass leaves over: the lines that hold parts of events, to be put together once everything
// else has been read (reassembly.h), and how the other writers' lines look. A part of the log collects its own; what
// the parts give together does not depend on how the log was divided.
#pragma once

#include <cstdint>
#include <vector>

#include "core/trace/trace_builder.h"
#include "importers/server_log/event_line.h"
#include "importers/server_log/foreign_shapes.h"
#include "importers/server_log/line_class.h"

namespace alloclens::server_log {

struct DamagedLine {
    std::uint64_t offset = 0;  ///< of its first byte in the input
    std::uint32_t line = 0;
    DiagnosticCode code = DiagnosticCode::TornLine;  ///< what is reported if it stays as it is
    LineClass lineClass = LineClass::Damaged;        ///< what it was counted as
};

struct Damage {
    /// Of more lines only the number is kept: a file of nothing but damage must not exhaust memory.
    static constexpr std::size_t kMostLines = std::size_t{1} << 20;

    std::vector<DamagedLine> lines;
    ForeignShapes shapes;
    /// Lines that were read and yet show that something cut the log's lines, or that a collector left some out.
    std::uint64_t hints = 0;

    void clear() {
        lines.clear();
        shapes.clear();
        hints = 0;
    }
    /// Takes over what a part gave, whose lines follow `linesBefore` others. What is too much goes to `diagnostics`.
    void append(const Damage& part, std::uint32_t linesBefore, Diagnostics& diagnostics) {
        shapes.append(part.shapes);
        hints += part.hints;
        for (DamagedLine line : part.lines) {
            line.line += linesBefore;
            if (lines.size() < kMostLines) {
                lines.push_back(line);
            } else {
                diagnostics.addUnkept(line.code, 1);
            }
        }
    }
};

}  // namespace alloclens::server_log
