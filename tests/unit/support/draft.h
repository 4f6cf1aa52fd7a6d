// SPDX-License-Identifier: GPL-3.0-or-later
//
// A draft of a trace for tests of what works on one before it is finished: some events, one a line.
#pragma once

#include "core/trace/trace_builder.h"
#include "tests/unit/support/log_fixture.h"

namespace alloclens::test {

/// Collects allocations, each of an address of its own, one a line.
class DraftOfEvents {
public:
    DraftOfEvents& add(std::size_t count, std::int32_t pid, std::int32_t device) {
        TracePart part;
        for (std::size_t i = 0; i < count; ++i) {
            TracePart::Event event;
            event.key = {device, 64 * ++m_count};
            event.pid = pid;
            event.size = 512;
            event.line = ++part.lines;
            part.add(event);
        }
        return append(std::move(part));
    }
    DraftOfEvents& addSweep(std::int32_t pid) {
        TracePart part;
        TracePart::Event event;
        event.kind = EventKind::Sweep;
        event.hasKey = false;
        event.pid = pid;
        event.line = ++part.lines;
        part.add(event);
        return append(std::move(part));
    }

    TraceBuilder builder;

private:
    DraftOfEvents& append(TracePart&& part) {
        if (!builder.append(std::move(part))) test::stop("too many events");
        return *this;
    }

    std::size_t m_count = 0;
};

}  // namespace alloclens::test
