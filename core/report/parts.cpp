// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/parts.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ostream>

#include "core/base/showable.h"
#include "core/base/time_units.h"
#include "core/report/attributes.h"

namespace alloclens {

std::vector<std::uint32_t> rowsShown(std::size_t count, const RowFlags* flags, std::size_t limit) {
    std::vector<std::uint32_t> rows;
    for (std::size_t i = 0; i < count && (limit == 0 || rows.size() < limit); ++i) {
        if (flags == nullptr || (*flags)[i]) rows.push_back(static_cast<std::uint32_t>(i));
    }
    return rows;
}

std::vector<std::uint32_t> findingsShown(const ReportInput& input, std::size_t limit) {
    std::vector<std::uint32_t> rows;
    for (std::size_t i = 0; i < input.analysis->findings.rows.size() && (limit == 0 || rows.size() < limit); ++i) {
        const bool passes = input.filter == nullptr || input.filter->findings[i];
        const bool isNews = input.triage == nullptr || input.triage->shown[i] != 0;
        if (passes && isNews) rows.push_back(static_cast<std::uint32_t>(i));
    }
    return rows;
}

nlohmann::ordered_json sourceJson(const Trace& trace) {
    nlohmann::ordered_json json = {{"path", trace.source->path()},
                                   {"format", trace.formatName},
                                   {"bytes", trace.source->fileBytes()},
                                   {"lines", trace.source->lines()}};
    for (const SourceFile& file : trace.source->files())
        json["files"].push_back({{"path", file.path}, {"firstLine", file.firstLine}, {"lines", file.lines}});
    if (!trace.origin.format.empty()) {
        json["originalFormat"] = trace.origin.format;
        json["originalPath"] = trace.origin.path;
    }
    return json;
}

std::string dumpJson(const nlohmann::ordered_json& value, int indent) {
    return showableJson(value.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void writeJsonRows(const Trace& trace, std::string_view schema, std::string_view name, const Table& table,
                   std::ostream& out) {
    out << "{\n  \"schema\": \"" << schema << "\",\n  \"source\": " << dumpJson(sourceJson(trace)) << ",\n  \"" << name
        << "\": [\n";
    writeTableJsonRows(table, out);
    out << "  ]\n}\n";
}

std::string clusterName(ClusterId id) { return fmt::format("c{}", id.index() + 1); }

Cell deviceCell(std::int32_t device) {
    if (device == kNoDevice) return std::monostate{};
    return std::int64_t{device};
}

Cell sizeCell(std::uint64_t size) {
    if (size == kNoSize) return std::monostate{};
    return size;
}

Cell memoryCell(Memory memory) {
    if (memory == Memory::Unknown) return std::monostate{};
    return std::string(memoryName(memory));
}

Cell pidCell(std::int32_t pid) {
    if (pid == kNoPid) return std::monostate{};
    return std::int64_t{pid};
}

Cell timeCell(std::int64_t time) {
    if (time == kNoTime) return std::monostate{};
    return formatTime(time);
}

void addOptionalValues(const Trace& trace, EventId event, nlohmann::ordered_json& json) {
    if (const std::int64_t time = trace.events.timeOf(event); time != kNoTime) json["time"] = formatTime(time);
    if (const std::int32_t sender = trace.pid(trace.events.senderOf(event)); sender != kNoPid) json["sender"] = sender;
    addAttributes(trace, event, json);
}

}  // namespace alloclens
