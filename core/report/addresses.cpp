// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "core/report/parts.h"

namespace alloclens {
namespace {

std::string stateOf(const AddressSummary& address) {
    if (address.isOverFreed() && address.isUnreleased()) return "over-freed, unreleased";
    if (address.isOverFreed()) return "over-freed";
    return address.isUnreleased() ? "unreleased" : "balanced";
}

/// Shortens a long lifecycle to its ends, for one line of text.
std::string shortLifecycle(std::string letters) {
    constexpr std::size_t kHead = 24;
    constexpr std::size_t kTail = 12;
    if (letters.size() <= kHead + kTail + 3) return letters;
    return letters.substr(0, kHead) + "..." + letters.substr(letters.size() - kTail);
}

std::vector<std::uint64_t> sizesOf(const Replay& replay, AddressId id) {
    std::vector<std::uint64_t> sizes;
    for (const EventId event : replay.eventsOf(id)) {
        if (replay.trace->events.kind[event.index()] != EventKind::Allocation) continue;
        const std::uint64_t size = replay.trace->events.size[event.index()];
        if (size != kNoSize) sizes.push_back(size);
    }
    std::sort(sizes.begin(), sizes.end());
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    return sizes;
}

struct AddressColumn {
    ReportColumn column;
    Cell (*value)(const Analysis& analysis, AddressId id);
};

std::uint64_t wide(std::uint32_t value) { return value; }

const std::vector<AddressColumn>& columns() {
    using A = Analysis;
    static const std::vector<AddressColumn> kColumns = {
        {{"device", "device", true, true}, [](const A& a, AddressId id) { return deviceCell(a.key(id).device); }},
        {{"address", "address", true, true}, [](const A& a, AddressId id) { return Cell(a.key(id).address); }},
        {{"hexadecimal", "addressHex", true},
         [](const A& a, AddressId id) { return Cell(formatHex(a.key(id).address)); }},
        {{"allocations", "allocations", true},
         [](const A& a, AddressId id) { return Cell(wide(a.replay.address(id).allocations)); }},
        {{"frees", "frees", true},
         [](const A& a, AddressId id) { return Cell(wide(a.replay.address(id).acceptedFrees)); }},
        {{"refused", "unknownFrees", true, false, "refusedFrees"},
         [](const A& a, AddressId id) { return Cell(wide(a.replay.address(id).refusedFrees)); }},
        {{"lowest", "lowestBalance", true},
         [](const A& a, AddressId id) { return Cell(std::int64_t{a.replay.address(id).lowestBalance}); }},
        {{"final", "finalBalance", true},
         [](const A& a, AddressId id) { return Cell(std::int64_t{a.replay.address(id).finalBalance}); }},
        {{"lifetimes", "lifetimes", true},
         [](const A& a, AddressId id) { return Cell(wide(a.replay.address(id).lifetimes)); }},
        {{"peak", "peakDepth", true},
         [](const A& a, AddressId id) { return Cell(wide(a.replay.address(id).peakDepth)); }},
        {{"state", "state"}, [](const A& a, AddressId id) { return Cell(stateOf(a.replay.address(id))); }},
        {{"sizes", "sizes"}, [](const A& a, AddressId id) { return Cell(sizesOf(a.replay, id)); }},
        {{"lifecycle", "lifecycle"}, [](const A& a, AddressId id) { return Cell(a.replay.lifecycle(id)); }},
    };
    return kColumns;
}

/// By its key, the second name of the key, or its title. The title of the refused frees was once "surplus".
bool isNamed(const ReportColumn& column, std::string_view name) {
    if (name == "surplus") name = "refusedFrees";
    return column.key == name || column.title == name || (!column.alias.empty() && column.alias == name);
}

Result<Table> addressTable(const ReportInput& input) {
    const Analysis& analysis = *input.analysis;
    auto rows = rowsShown(analysis.trace->addresses.size(), input.filter ? &input.filter->addresses : nullptr, 0);
    if (!input.sortColumn.empty()) {
        const auto column = std::find_if(columns().begin(), columns().end(), [&input](const AddressColumn& candidate) {
            return isNamed(candidate.column, input.sortColumn);
        });
        if (column == columns().end()) {
            std::string known;
            for (const AddressColumn& candidate : columns()) {
                known += (known.empty() ? "" : ", ") + std::string(candidate.column.key);
                if (!candidate.column.alias.empty()) known += ", " + std::string(candidate.column.alias);
            }
            return Error{ErrorKind::Usage, fmt::format("'{}' is not a column", input.sortColumn), "--sort",
                         fmt::format("Columns are: {}.", known)};
        }
        std::vector<Cell> values(analysis.trace->addresses.size());
        for (const std::uint32_t row : rows) {
            // Compares the numbers, since 0x9 sorts after 0x10 as text.
            const bool isHexadecimal = column->column.key == "addressHex";
            values[row] = isHexadecimal ? Cell(analysis.key(AddressId(row)).address)
                                        : column->value(analysis, AddressId(row));
        }
        // Sorts counts from the largest down, and identifiers and texts from the smallest up.
        const bool isDescending = column->column.isRight && !column->column.isPlainNumber
                                  && column->column.key != "lowestBalance" && column->column.key != "finalBalance"
                                  && column->column.key != "addressHex";
        std::stable_sort(rows.begin(), rows.end(), [&values, isDescending](std::uint32_t a, std::uint32_t b) {
            return isDescending ? values[b] < values[a] : values[a] < values[b];
        });
    }
    if (input.limit > 0 && rows.size() > input.limit) rows.resize(input.limit);
    Table table;
    for (const AddressColumn& column : columns()) table.columns.push_back(column.column);
    table.rows = rows.size();
    table.fill = [&analysis, rows = std::move(rows)](std::size_t row, std::vector<Cell>& cells) {
        for (std::size_t c = 0; c < columns().size(); ++c)
            cells[c] = columns()[c].value(analysis, AddressId(rows[row]));
    };
    return table;
}

}  // namespace

Result<void> writeAddressesText(const ReportInput& input, std::ostream& out) {
    auto table = addressTable(input);
    if (!table) return table.error();
    table->fill = [whole = std::move(table->fill)](std::size_t row, std::vector<Cell>& cells) {
        whole(row, cells);
        cells.back() = shortLifecycle(std::get<std::string>(std::move(cells.back())));
    };
    writeTableText(*table, input.colour, out);
    return {};
}

Result<void> writeAddressesJson(const ReportInput& input, std::ostream& out) {
    const auto table = addressTable(input);
    if (!table) return table.error();
    writeJsonRows(*input.analysis->trace, "alloclens.addresses/1", "addresses", *table, out);
    return {};
}

Result<void> writeAddressesCsv(const ReportInput& input, std::ostream& out) {
    const auto table = addressTable(input);
    if (!table) return table.error();
    writeTableCsv(*table, out);
    return {};
}

}  // namespace alloclens
