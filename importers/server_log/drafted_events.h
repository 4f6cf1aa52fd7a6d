// SPDX-License-Identifier: GPL-3.0-or-later
//
// The events that were read whole, as the draft of a trace holds them: by their number, by their line, and what stands
// close to a place. Events are in the order of their lines. A view of the builder, which must outlive it.
#pragma once

#include <optional>
#include <utility>

#include "core/trace/trace_builder.h"

namespace alloclens::server_log {

class DraftedEvents {
public:
    explicit DraftedEvents(TraceBuilder& builder) : m_builder(builder), m_draft(builder.draft()) {}

    [[nodiscard]] std::size_t count() const { return m_draft.events.count(); }
    /// Nothing for an event without an address, such as a sweep.
    [[nodiscard]] std::optional<TracePart::Event> at(std::size_t i) const;
    [[nodiscard]] std::uint32_t lineOf(std::size_t i) const { return m_draft.events.line[i]; }
    /// The first event of a line or of one behind it.
    [[nodiscard]] std::size_t firstFrom(std::uint32_t line) const;
    /// The events at most three lines from one, [first, last).
    [[nodiscard]] std::pair<std::size_t, std::size_t> near(std::uint32_t line) const;
    /// Whether close to the place before an event the same is done to the same address of another device.
    [[nodiscard]] bool hasSibling(const TracePart::Event& event, std::size_t before) const;
    /// Most ids were printed so.
    [[nodiscard]] bool isHexadecimal() const { return m_builder.isHexadecimal(); }

    void replace(std::size_t i, const TracePart::Event& event) { m_builder.replace(i, event); }

private:
    TraceBuilder& m_builder;
    const Trace& m_draft;
};

}  // namespace alloclens::server_log
