// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tables that the attributes of events point into, and a translator between two of them. Events change tables when
// they move from a chunk to a trace, or from a trace to a block of a file. One thread at a time while they grow.
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

    /// The approximate memory in use, in bytes, without spare capacity.
    [[nodiscard]] std::size_t bytes() const { return strings.bytes() + stacks.bytes(); }
    [[nodiscard]] bool isEmpty() const { return strings.size() == 0 && stacks.nodes() == 0; }
    void clear() {
        strings.clear();
        stacks.clear();
    }
};

/// Copies values from `from` to `to` as events need them. Requires: both tables outlive it. `from` does not change.
class AttributeTranslator {
public:
    AttributeTranslator(const AttributeTables& from, AttributeTables& to) : m_from(from), m_to(to) {}

    [[nodiscard]] Attributes operator()(const Attributes& attributes);
    /// Call it after `to` was cleared.
    void forget();

private:
    [[nodiscard]] StringId string(StringId id);
    [[nodiscard]] FrameId frame(FrameId id);
    [[nodiscard]] StackId stack(StackId id);

    const AttributeTables& m_from;
    AttributeTables& m_to;
    // Earlier translations; 0 for none.
    std::unordered_map<std::uint32_t, StringId> m_strings;
    std::unordered_map<std::uint32_t, FrameId> m_frames;
    std::unordered_map<std::uint32_t, StackId> m_stacks;
};

}  // namespace alloclens
