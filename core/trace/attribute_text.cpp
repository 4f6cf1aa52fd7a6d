// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/attribute_text.h"

#include <fmt/format.h>

#include "core/base/showable.h"

namespace alloclens {

std::string frameText(const AttributeTables& tables, FrameId id) {
    const Frame& frame = tables.stacks.frame(id);
    const std::string function = showable(tables.strings.text(frame.function));
    const std::string file = showable(tables.strings.text(frame.file));
    const std::string path = showable(tables.strings.text(frame.module));
    const std::string module = path.substr(path.rfind('/') + 1);
    const std::string offset = frame.offset == Frame::kNoOffset ? std::string() : fmt::format("+{:#x}", frame.offset);
    if (!file.empty()) {
        const std::string place = frame.line == 0 ? file : fmt::format("{}:{}", file, frame.line);
        return function.empty() ? place : fmt::format("{} at {}", function, place);
    }
    if (function.empty()) return module + offset;
    return module.empty() ? function + offset : fmt::format("{}{} in {}", function, offset, module);
}

std::vector<std::string> attributeLines(const Trace& trace, Attribute attribute, EventId event) {
    const std::uint32_t value = trace.events.attributes.of(attribute, event.index());
    std::vector<std::string> lines;
    if (value == 0) return lines;
    switch (attributeInfo(attribute).type) {
    case AttributeType::Text: lines.push_back(showable(trace.attributeTables.strings.text(StringId(value)))); break;
    case AttributeType::Stack:
        for (const FrameId frame : trace.attributeTables.stacks.framesOf(StackId(value)))
            lines.push_back(frameText(trace.attributeTables, frame));
        break;
    }
    return lines;
}

std::string attributeText(const Trace& trace, Attribute attribute, EventId event) {
    return fmt::format("{}", fmt::join(attributeLines(trace, attribute, event), "; "));
}

}  // namespace alloclens
