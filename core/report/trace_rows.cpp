// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iterator>
#include <ostream>

#include "core/base/units.h"
#include "core/report/attributes.h"
#include "core/report/parts.h"
#include "core/report/report.h"
#include "core/trace/attribute_text.h"

namespace alloclens {
namespace {

constexpr std::size_t kFlushBytes = std::size_t{1} << 16;

/// The cells of one event as text; empty if the trace has no value. None needs quotes in CSV.
struct RowTexts {
    std::string device, address, addressHex, memory, size, refCount, pid, sender, time;
};

template <typename Number>
void set(std::string& text, Number value, Number none) {
    text.clear();
    if (value != none) fmt::format_to(std::back_inserter(text), "{}", value);
}

void fill(const Trace& trace, std::size_t i, RowTexts& row) {
    const EventTable& events = trace.events;
    const AddressId id = events.address[i];
    row.address.clear();
    row.addressHex.clear();
    row.device.clear();
    if (id.isValid()) {
        const AddressKey& key = trace.key(id);
        set(row.device, key.device, kNoDevice);
        row.address = fmt::format("{}", key.address);
        row.addressHex = formatHex(key.address);
    }
    row.memory = events.memory[i] == Memory::Unknown ? std::string_view() : memoryName(events.memory[i]);
    set(row.size, events.size[i], kNoSize);
    set(row.refCount, events.refCount[i], std::uint32_t{0});
    set(row.pid, trace.pid(events.process[i]), kNoPid);
    set(row.sender, trace.pid(events.senderOf(EventId(i))), kNoPid);
    set(row.time, events.timeOf(EventId(i)), kNoTime);
}

template <typename Append>
Result<void> writeRows(const Trace& trace, const TaskContext& task, std::ostream& out, Append append) {
    fmt::memory_buffer buffer;
    RowTexts row;
    const std::size_t count = trace.events.count();
    for (std::size_t i = 0; i < count && out; ++i) {
        if (i % TaskContext::kPollRows == 0) {
            if (task.isCancelled()) return TaskContext::cancelled();
            task.report("converting", static_cast<double>(i) / static_cast<double>(count));
        }
        fill(trace, i, row);
        append(buffer, i, row);
        if (buffer.size() < kFlushBytes && i + 1 < count) continue;
        out.write(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        buffer.clear();
    }
    return {};
}

}  // namespace

Result<void> writeTraceCsv(const Trace& trace, const TaskContext& task, std::ostream& out) {
    const auto attributes = attributesOf(trace);
    out << "ordinal,line,kind,device,address,addressHex,memory,size,refCount,pid,sender,time";
    for (const Attribute attribute : attributes) out << ',' << attributeInfo(attribute).name;
    out << "\r\n";
    return writeRows(trace, task, out, [&](fmt::memory_buffer& buffer, std::size_t i, const RowTexts& row) {
        fmt::format_to(std::back_inserter(buffer), "{},{},{},{},{},{},{},{},{},{},{},{}", i + 1, trace.events.line[i],
                       eventKindName(trace.events.kind[i]), row.device, row.address, row.addressHex, row.memory,
                       row.size, row.refCount, row.pid, row.sender, row.time);
        for (const Attribute attribute : attributes) {
            buffer.push_back(',');
            buffer.append(csvText(attributeText(trace, attribute, EventId(i))));
        }
        buffer.append(std::string_view("\r\n"));
    });
}

Result<void> writeTraceJsonLines(const Trace& trace, const TaskContext& task, std::ostream& out) {
    const auto number = [](const std::string& text) { return text.empty() ? std::string_view("null") : text; };
    const auto quoted = [](const std::string& text) { return text.empty() ? "null" : '"' + text + '"'; };
    const auto attributes = attributesOf(trace);
    return writeRows(trace, task, out, [&](fmt::memory_buffer& buffer, std::size_t i, const RowTexts& row) {
        fmt::format_to(
            std::back_inserter(buffer),
            R"({{"ordinal":{},"line":{},"kind":"{}","device":{},"address":{},"addressHex":{},"memory":{},"size":{},)"
            R"("refCount":{},"pid":{},"sender":{},"time":{})",
            i + 1, trace.events.line[i], eventKindName(trace.events.kind[i]), number(row.device), number(row.address),
            quoted(row.addressHex), quoted(row.memory), number(row.size), number(row.refCount), number(row.pid),
            number(row.sender), number(row.time));
        for (const Attribute attribute : attributes) {
            const auto value = attributeJson(trace, attribute, EventId(i));
            if (value.is_null()) continue;
            fmt::format_to(std::back_inserter(buffer), R"(,"{}":{})", attributeInfo(attribute).name, dumpJson(value));
        }
        buffer.append(std::string_view("}\n"));
    });
}

}  // namespace alloclens
