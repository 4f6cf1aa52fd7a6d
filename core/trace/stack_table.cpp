// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/stack_table.h"

namespace alloclens {
namespace {

constexpr unsigned kHalf = 32;

std::uint64_t joined(std::uint32_t high, std::uint32_t low) { return std::uint64_t{high} << kHalf | low; }

}  // namespace

std::uint64_t StackTable::Hash::operator()(const Frame& frame) const {
    std::uint64_t hash = mixBits(joined(frame.function.value, frame.line));
    hash = mixBits(hash ^ joined(frame.file.value, frame.module.value));
    return mixBits(hash ^ frame.offset);
}

std::uint64_t StackTable::Hash::operator()(const StackNode& node) const {
    return mixBits(joined(node.parent.value, node.frame.value));
}

FrameId StackTable::intern(const Frame& frame) { return FrameId::ofIndex(m_frames.intern(frame)); }

StackId StackTable::push(StackId parent, FrameId frame) {
    const std::size_t depth = depthOf(parent) + 1;
    if (!frame.isValid() || depth > kMostFrames) return parent;
    const StackId id = StackId::ofIndex(m_nodes.intern({parent, frame}));
    if (m_depths.size() < m_nodes.values().size()) m_depths.push_back(static_cast<std::uint16_t>(depth));
    return id;
}

std::vector<FrameId> StackTable::framesOf(StackId id) const {
    std::vector<FrameId> frames;
    frames.reserve(depthOf(id));
    for (; id.isValid(); id = node(id).parent) frames.push_back(node(id).frame);
    return frames;
}

std::size_t StackTable::bytes() const {
    constexpr std::size_t kSlotBytes = 2 * sizeof(std::uint32_t);
    return frames() * (sizeof(Frame) + kSlotBytes) + nodes() * (sizeof(StackNode) + kSlotBytes + sizeof(std::uint16_t));
}

void StackTable::clear() {
    m_frames.clear();
    m_nodes.clear();
    m_depths.clear();
}

}  // namespace alloclens
