// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/attribute_match.h"

#include "core/base/showable.h"
#include "core/trace/attribute_text.h"

namespace alloclens::query {
namespace {

Flags stringsWith(const StringTable& strings, const TextValues& texts) {
    Flags flags(strings.size() + 1);
    for (std::size_t i = 1; i < flags.size(); ++i)
        flags[i] = flag(texts.match(showable(strings.text(StringId(static_cast<std::uint32_t>(i))))));
    return flags;
}

// What called a call is before it in the table.
Flags stacksWith(const AttributeTables& tables, const TextValues& texts) {
    const StackTable& stacks = tables.stacks;
    Flags frames(stacks.frames());
    for (std::size_t i = 0; i < frames.size(); ++i)
        frames[i] = flag(texts.match(frameText(tables, FrameId::ofIndex(i))));
    Flags flags(stacks.nodes() + 1);
    for (std::size_t i = 1; i < flags.size(); ++i) {
        const StackNode& node = stacks.node(StackId(static_cast<std::uint32_t>(i)));
        flags[i] = frames[node.frame.index()] | flags[node.parent.value];
    }
    return flags;
}

}  // namespace

Flags attributeValuesWith(const AttributeTables& tables, Attribute attribute, const TextValues& texts) {
    switch (attributeInfo(attribute).type) {
    case AttributeType::Text: return stringsWith(tables.strings, texts);
    case AttributeType::Stack: return stacksWith(tables, texts);
    }
    return {};
}

}  // namespace alloclens::query
