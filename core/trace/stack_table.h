// SPDX-License-Identifier: GPL-3.0-or-later
//
// Call stacks, shared where they are alike: each call once, and a tree in which a node is a call and its parent the
// call that made it. A stack is the number of its innermost node, so stacks that begin alike share all that is alike.
// The tree has no circles, since a parent is always older than its children, and no stack is deeper than kMostFrames.
// Not thread-safe while it grows; any number of threads may read it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/base/id.h"
#include "core/base/interner.h"

namespace alloclens {

/// One call, as far as the source tells.
struct Frame {
    static constexpr std::uint64_t kNoOffset = std::numeric_limits<std::uint64_t>::max();

    StringId function;
    StringId file;
    StringId module;
    std::uint32_t line = 0;            ///< of the file; 0 where none is known
    std::uint64_t offset = kNoOffset;  ///< from the function's start; of a call without a function, from the module's
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
    /// The stack in which `parent` makes the call `frame`. A stack of kMostFrames stays as it is, and so it does
    /// without a frame.
    [[nodiscard]] StackId push(StackId parent, FrameId frame);

    [[nodiscard]] const Frame& frame(FrameId id) const { return m_frames.values()[id.index()]; }
    [[nodiscard]] const StackNode& node(StackId id) const { return m_nodes.values()[id.index()]; }
    [[nodiscard]] std::size_t frames() const { return m_frames.values().size(); }
    [[nodiscard]] std::size_t nodes() const { return m_nodes.values().size(); }
    [[nodiscard]] std::size_t depthOf(StackId id) const { return id.isValid() ? m_depths[id.index()] : 0; }
    /// The calls of a stack, the innermost first.
    [[nodiscard]] std::vector<FrameId> framesOf(StackId id) const;
    /// What it takes of memory, about, without what is kept for more.
    [[nodiscard]] std::size_t bytes() const;
    /// Forgets all stacks and keeps the room for them.
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
