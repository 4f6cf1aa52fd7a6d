// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tables that the attributes of events point into, and the way from the numbers of one pair of tables to those of
// another, where events move from a part to a trace or from a trace to a block of a file. Used by one thread while they
// grow.
#pragma once

#include <cstddef>
#include <unordered_map>

#include "core/trace/attribute.h"
#include "core/trace/stack_table.h"
#include "core/trace/string_table.h"

namespace alloclens {

struct AttributeTables {
    StringTable strings;
    StackTable stacks;

    /// What it takes of memory, about, without what is kept for more.
    [[nodiscard]] std::size_t bytes() const { return strings.bytes() + stacks.bytes(); }
    [[nodiscard]] bool isEmpty() const { return strings.size() == 0 && stacks.nodes() == 0; }
    void clear() {
        strings.clear();
        stacks.clear();
    }
};

/// Adds to one pair of tables what events of another name, and no more of it. Both outlive it; `from` stays as it is.
class AttributeTranslator {
public:
    AttributeTranslator(const AttributeTables& from, AttributeTables& to) : m_from(from), m_to(to) {}

    [[nodiscard]] Attributes operator()(const Attributes& attributes);
    /// The tables that it adds to were cleared.
    void forget();

private:
    [[nodiscard]] StringId string(StringId id);
    [[nodiscard]] FrameId frame(FrameId id);
    [[nodiscard]] StackId stack(StackId id);

    const AttributeTables& m_from;
    AttributeTables& m_to;
    // What was translated before; 0 where nothing was.
    std::unordered_map<std::uint32_t, StringId> m_strings;
    std::unordered_map<std::uint32_t, FrameId> m_frames;
    std::unordered_map<std::uint32_t, StackId> m_stacks;
};

}  // namespace alloclens
