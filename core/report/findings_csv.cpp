// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "core/report/attributes.h"
#include "core/report/parts.h"

namespace alloclens {

Result<void> writeFindingsCsv(const ReportInput& input, std::ostream& out) {
    const Analysis& analysis = *input.analysis;
    Table table;
    table.columns = {{"", "id"},           {"", "kind"},       {"", "severity"}, {"", "device"},
                     {"", "address"},      {"", "addressHex"}, {"", "memory"},   {"", "size"},
                     {"", "generation"},   {"", "pids"},       {"", "line"},     {"", "allocatedLine"},
                     {"", "releasedLine"}, {"", "cluster"},    {"", "cause"},    {"", "confidence"}};
    const EventTable& all = analysis.trace->events;
    const std::size_t timeColumn = table.columns.size();
    if (all.hasTime()) table.columns.push_back({"", "time"});
    const std::size_t senderColumn = table.columns.size();
    if (all.hasSender()) table.columns.push_back({"", "sender"});
    const std::size_t attributeColumn = table.columns.size();
    const auto attributes = attributesOf(*analysis.trace);
    for (const Attribute attribute : attributes) {
        const AttributeInfo& info = attributeInfo(attribute);
        for (std::string key :
             {std::string(info.name), fmt::format("allocated{}", info.title), fmt::format("released{}", info.title)}) {
            table.columns.push_back({"", std::move(key)});
        }
    }
    const auto rows = findingsShown(input, input.limit);
    table.rows = rows.size();
    table.fill = [&analysis, &rows, &attributes, timeColumn, senderColumn, attributeColumn](std::size_t row,
                                                                                            std::vector<Cell>& cells) {
        const Findings& findings = analysis.findings;
        const Finding& finding = findings.row(FindingId(rows[row]));
        const EventTable& events = analysis.trace->events;
        const auto eventIn = [&](std::initializer_list<Role> roles) {
            for (const Role role : roles) {
                const EventId event = findings.eventIn(finding, role);
                if (event.isValid()) return event;
            }
            return EventId{};
        };
        const EventId allocated = eventIn({Role::Allocated});
        const EventId released = eventIn({Role::Released, Role::Swept});
        const auto lineOf = [&events](EventId event) -> Cell {
            if (!event.isValid()) return std::monostate{};
            return std::uint64_t{events.line[event.index()]};
        };
        std::vector<std::int64_t> pids;
        for (const std::int32_t pid : findingPids(analysis.replay, findings, finding)) pids.push_back(pid);
        cells[0] = findingId(analysis.replay, finding);
        cells[1] = std::string(kindInfo(finding.kind).name);
        cells[2] = std::string(severityName(finding.severity));
        if (finding.address.isValid()) {
            cells[3] = deviceCell(analysis.key(finding.address).device);
            cells[4] = analysis.key(finding.address).address;
            cells[5] = formatHex(analysis.key(finding.address).address);
        }
        cells[6] = memoryCell(finding.memory);
        cells[7] = sizeCell(finding.size);
        cells[8] = std::uint64_t{finding.generation};
        cells[9] = pids;
        cells[10] = std::uint64_t{events.line[finding.primary.index()]};
        cells[11] = lineOf(allocated);
        cells[12] = lineOf(released);
        cells[13] = clusterName(finding.cluster);
        if (const Verdict* verdict = findings.verdicts.of(FindingId(rows[row]))) {
            cells[14] = std::string(causeName(verdict->cause));
            cells[15] = fmt::format("{:.2f}", verdict->confidence / 100.0);
        }
        if (events.hasTime()) cells[timeColumn] = timeCell(events.timeOf(finding.primary));
        if (events.hasSender()) {
            cells[senderColumn] = pidCell(analysis.trace->pid(events.senderOf(finding.primary)));
        }
        std::size_t column = attributeColumn;
        for (const Attribute attribute : attributes) {
            for (const EventId event : {finding.primary, allocated, released}) {
                if (event.isValid()) cells[column] = attributeCell(*analysis.trace, attribute, event);
                ++column;
            }
        }
    };
    writeTableCsv(table, out);
    return {};
}

}  // namespace alloclens
