// SPDX-License-Identifier: GPL-3.0-or-later
//
// Interned call stacks as a prefix tree. A node is a call, and its parent is the caller. A stack is the number of its
// innermost node, so stacks with the same outer calls share those nodes: main > run > alloc and main > run > free have
// four nodes. A parent is always older than its children, so the tree has no cycles. No stack is deeper than
// kMostFrames. One thread while it grows; any number of threads may read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/base/id.h"
#include "core/base/interner.h"

namespace alloclens {

/// One call. Members that the source lacks are empty.
struct Frame {
    static constexpr std::uint64_t kNoOffset = std::numeric_limits<std::uint64_t>::max();

    StringId function;
    StringId file;
    StringId module;
    std::uint32_t line = 0;            ///< in the file; 0 if unknown
    std::uint64_t offset = kNoOffset;  ///< from the start of the function, or of the module if there is no function
    friend bool operator==(const Frame&, const Frame&) = default;
};

struct StackNode {
    StackId parent;  ///< none for an outermost call
    FrameId frame;
    friend bool operator==(const StackNode&, const StackNode&) = default;
};

class StackTable {
public:
    static constexpr std::size_t kMostFrames = 256;

    [[nodiscard]] FrameId intern(const Frame& frame);
    /// The stack in which `parent` makes the call `frame`. Returns `parent` if it has kMostFrames calls or if `frame`
    /// is none.
    [[nodiscard]] StackId push(StackId parent, FrameId frame);

    [[nodiscard]] const Frame& frame(FrameId id) const { return m_frames.values()[id.index()]; }
    [[nodiscard]] const StackNode& node(StackId id) const { return m_nodes.values()[id.index()]; }
    [[nodiscard]] std::size_t frames() const { return m_frames.values().size(); }
    [[nodiscard]] std::size_t nodes() const { return m_nodes.values().size(); }
    [[nodiscard]] std::size_t depthOf(StackId id) const { return id.isValid() ? m_depths[id.index()] : 0; }
    /// The calls of a stack, the innermost first.
    [[nodiscard]] std::vector<FrameId> framesOf(StackId id) const;
    /// The approximate memory in use, in bytes, without spare capacity.
    [[nodiscard]] std::size_t bytes() const;
    /// Removes all stacks and keeps the capacity.
    void clear();

private:
    struct Hash {
        [[nodiscard]] std::uint64_t operator()(const Frame& frame) const;
        [[nodiscard]] std::uint64_t operator()(const StackNode& node) const;
    };

    Interner<Frame, Hash> m_frames;
    Interner<StackNode, Hash> m_nodes;
    std::vector<std::uint16_t> m_depths;  ///< of each node, 1 for an outermost one
};

}  // namespace alloclens
