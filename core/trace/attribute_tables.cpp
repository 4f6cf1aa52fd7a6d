// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/attribute_tables.h"

#include <vector>

namespace alloclens {

Attributes AttributeTranslator::operator()(const Attributes& attributes) {
    Attributes translated;
    for (std::size_t i = 0; i < kAttributeCount; ++i) {
        const std::uint32_t value = attributes.values[i];
        switch (attributeInfos()[i].type) {
        case AttributeType::Text: translated.values[i] = string(StringId(value)).value; break;
        case AttributeType::Stack: translated.values[i] = stack(StackId(value)).value; break;
        }
    }
    return translated;
}

void AttributeTranslator::forget() {
    m_strings.clear();
    m_frames.clear();
    m_stacks.clear();
}

StringId AttributeTranslator::string(StringId id) {
    if (!id.isValid()) return {};
    StringId& known = m_strings[id.value];
    if (!known.isValid()) known = m_to.strings.intern(m_from.strings.text(id));
    return known;
}

FrameId AttributeTranslator::frame(FrameId id) {
    if (!id.isValid()) return {};
    FrameId& known = m_frames[id.value];
    if (known.isValid()) return known;
    Frame frame = m_from.stacks.frame(id);
    frame.function = string(frame.function);
    frame.file = string(frame.file);
    frame.module = string(frame.module);
    return known = m_to.stacks.intern(frame);
}

// From the innermost call outwards to one that is known, and back.
StackId AttributeTranslator::stack(StackId id) {
    std::vector<StackId> unknown;
    StackId translated;
    for (; id.isValid(); id = m_from.stacks.node(id).parent) {
        if (const auto known = m_stacks.find(id.value); known != m_stacks.end()) {
            translated = known->second;
            break;
        }
        unknown.push_back(id);
    }
    for (auto at = unknown.rbegin(); at != unknown.rend(); ++at) {
        translated = m_to.stacks.push(translated, frame(m_from.stacks.node(*at).frame));
        m_stacks[at->value] = translated;
    }
    return translated;
}

}  // namespace alloclens
