// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/attributes.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/units.h"
#include "core/report/parts.h"
#include "core/trace/attribute_text.h"

namespace alloclens {
namespace {

using Json = nlohmann::ordered_json;

Json frameJson(const AttributeTables& tables, const Frame& frame) {
    Json json = Json::object();
    const auto put = [&](const char* key, StringId text) {
        if (text.isValid()) json[key] = tables.strings.text(text);
    };
    put("function", frame.function);
    put("file", frame.file);
    if (frame.line != 0) json["line"] = frame.line;
    put("module", frame.module);
    if (frame.offset != Frame::kNoOffset) json["offset"] = frame.offset;
    return json;
}

}  // namespace

Json attributeJson(const Trace& trace, Attribute attribute, EventId event) {
    const std::uint32_t value = trace.events.attributes.of(attribute, event.index());
    if (value == 0) return nullptr;
    const AttributeTables& tables = trace.attributeTables;
    switch (attributeInfo(attribute).type) {
    case AttributeType::Text: return tables.strings.text(StringId(value));
    case AttributeType::Stack: break;
    }
    Json frames = Json::array();
    for (const FrameId frame : tables.stacks.framesOf(StackId(value)))
        frames.push_back(frameJson(tables, tables.stacks.frame(frame)));
    return frames;
}

void addAttributes(const Trace& trace, EventId event, Json& json) {
    for (const Attribute attribute : attributesOf(trace)) {
        Json value = attributeJson(trace, attribute, event);
        if (!value.is_null()) json[std::string(attributeInfo(attribute).name)] = std::move(value);
    }
}

std::vector<Attribute> attributesOf(const Trace& trace) {
    std::vector<Attribute> attributes;
    for (std::size_t i = 0; i < kAttributeCount; ++i) {
        if (trace.events.attributes.has(attributeAt(i))) attributes.push_back(attributeAt(i));
    }
    return attributes;
}

Cell attributeCell(const Trace& trace, Attribute attribute, EventId event) {
    std::string text = attributeText(trace, attribute, event);
    if (text.empty()) return std::monostate{};
    return JsonCell{std::move(text), dumpJson(attributeJson(trace, attribute, event))};
}

std::vector<std::string> attributeNotes(const Trace& trace, EventId event) {
    constexpr std::size_t kMostLines = 24;
    std::vector<std::string> notes;
    for (const Attribute attribute : attributesOf(trace)) {
        std::string_view title = attributeInfo(attribute).name;
        const auto lines = attributeLines(trace, attribute, event);
        for (std::size_t i = 0; i < std::min(lines.size(), kMostLines); ++i) {
            notes.push_back(fmt::format("{:<7}{}", title, lines[i]));
            title = {};
        }
        if (lines.size() > kMostLines)
            notes.push_back(fmt::format("{:<7}and {} more", title, formatCount(lines.size() - kMostLines)));
    }
    return notes;
}

}  // namespace alloclens
