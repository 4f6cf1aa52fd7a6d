// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/attributes.h"
#include "core/report/parts.h"

namespace alloclens {
namespace {

Table eventTable(const ReportInput& input) {
    const Analysis& analysis = *input.analysis;
    Table table;
    table.columns = {{"event", "ordinal", true},
                     {"line", "line", true},
                     {"kind", "kind"},
                     {"", "letter"},
                     {"device", "device", true, true},
                     {"address", "address", true, true},
                     {"hexadecimal", "addressHex", true},
                     {"memory", "memory"},
                     {"size", "size", true},
                     {"process", "pid", true, true},
                     {"depth", "depth", true},
                     {"generation", "generation", true}};
    // Leaves out columns that the source lacks. Optional columns come last, so the others keep their positions.
    const EventTable& all = analysis.trace->events;
    const std::size_t timeColumn = table.columns.size();
    if (all.hasTime()) table.columns.push_back({"time", "time"});
    const std::size_t senderColumn = table.columns.size();
    if (all.hasSender()) table.columns.push_back({"sender", "sender", true, true});
    const std::size_t attributeColumn = table.columns.size();
    for (const Attribute attribute : attributesOf(*analysis.trace)) {
        const AttributeInfo& info = attributeInfo(attribute);
        table.columns.push_back({info.name, std::string(info.name)});
    }
    auto rows = rowsShown(analysis.trace->events.count(), input.filter ? &input.filter->events : nullptr, input.limit);
    table.rows = rows.size();
    table.fill = [&analysis, timeColumn, senderColumn, attributeColumn,
                  rows = std::move(rows)](std::size_t row, std::vector<Cell>& cells) {
        const std::uint32_t i = rows[row];
        const EventTable& events = analysis.trace->events;
        const AddressId address = events.address[i];
        const LifetimeId lifetime = analysis.replay.lifetimeOf[i];
        cells[0] = std::uint64_t{i} + 1;
        cells[1] = std::uint64_t{events.line[i]};
        cells[2] = std::string(eventKindName(events.kind[i]));
        cells[3] = std::string(1, static_cast<char>(analysis.replay.letters[i]));
        if (address.isValid()) {
            const AddressKey& key = analysis.key(address);
            cells[4] = deviceCell(key.device);
            cells[5] = key.address;
            cells[6] = formatHex(key.address);
            cells[10] = std::uint64_t{analysis.replay.depthAfter[i]};
        }
        cells[7] = memoryCell(events.memory[i]);
        if (events.kind[i] != EventKind::Sweep) cells[8] = sizeCell(events.size[i]);
        cells[9] = pidCell(analysis.trace->pid(events.process[i]));
        if (lifetime.isValid()) cells[11] = std::uint64_t{analysis.replay.lifetime(lifetime).generation};
        if (events.hasTime()) cells[timeColumn] = timeCell(events.time[i]);
        if (events.hasSender()) cells[senderColumn] = pidCell(analysis.trace->pid(events.sender[i]));
        std::size_t column = attributeColumn;
        for (const Attribute attribute : attributesOf(*analysis.trace))
            cells[column++] = attributeCell(*analysis.trace, attribute, EventId(i));
    };
    return table;
}

}  // namespace

Result<void> writeEventsText(const ReportInput& input, std::ostream& out) {
    writeTableText(eventTable(input), input.colour, out);
    return {};
}

Result<void> writeEventsJson(const ReportInput& input, std::ostream& out) {
    writeJsonRows(*input.analysis->trace, "alloclens.events/1", "events", eventTable(input), out);
    return {};
}

Result<void> writeEventsCsv(const ReportInput& input, std::ostream& out) {
    writeTableCsv(eventTable(input), out);
    return {};
}

}  // namespace alloclens
