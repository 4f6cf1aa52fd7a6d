// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/event_table.h"

namespace alloclens {
namespace {

/// `column` with a value before each row that `rows` names.
template <typename AnyColumn, typename ValueOf>
void rebuild(AnyColumn& column, std::span<const EventTable::AddedRow> rows, ValueOf valueOf) {
    AnyColumn next;
    next.reserve(column.size() + rows.size());
    auto row = rows.begin();
    for (std::size_t i = 0; i <= column.size(); ++i) {
        for (; row != rows.end() && row->before == i; ++row) next.push_back(valueOf(*row));
        if (i < column.size()) next.push_back(column[i]);
    }
    column = std::move(next);
}

}  // namespace

void EventTable::insertRows(std::span<const AddedRow> rows) {
    rebuild(memory, rows, [](const AddedRow& row) { return row.memory; });
    rebuild(address, rows, [](const AddedRow& row) { return row.address; });
    rebuild(process.codes(), rows, [](const AddedRow& row) { return ProcessColumn::code(row.process); });
    rebuild(size.numbers(), rows, [](const AddedRow& row) { return row.size; });
    rebuild(refCount, rows, [](const AddedRow& row) { return row.refCount; });
    rebuild(line, rows, [](const AddedRow& row) { return row.line; });
    if (hasTime()) rebuild(time, rows, [](const AddedRow&) { return kNoTime; });
    if (hasSender()) rebuild(sender.codes(), rows, [](const AddedRow&) { return ProcessColumn::code({}); });
    for (std::size_t i = 0; i < kAttributeCount; ++i) {
        if (attributes.has(attributeAt(i)))
            rebuild(attributes.column(attributeAt(i)), rows, [](const auto&) { return 0U; });
    }
    rebuild(kind, rows, [](const AddedRow& row) { return row.kind; });
}

void EventTable::reserve(std::size_t rows) {
    kind.reserve(rows);
    memory.reserve(rows);
    address.reserve(rows);
    process.codes().reserve(rows);
    size.numbers().reserve(rows);
    refCount.reserve(rows);
    line.reserve(rows);
}

void EventTable::shrink() {
    kind.shrink();
    memory.shrink();
    address.shrink();
    process.codes().shrink();
    size.numbers().shrink();
    refCount.shrink();
    line.shrink();
    time.shrink();
    sender.codes().shrink();
    attributes.shrink();
}

}  // namespace alloclens
