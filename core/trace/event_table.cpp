// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/event_table.h"

namespace alloclens {
namespace {

/// `column` with a value before each row that `sweeps` names.
template <typename AnyColumn, typename ValueOf>
void rebuild(AnyColumn& column, std::span<const EventTable::AddedSweep> sweeps, ValueOf valueOf) {
    AnyColumn next;
    next.reserve(column.size() + sweeps.size());
    auto sweep = sweeps.begin();
    for (std::size_t i = 0; i <= column.size(); ++i) {
        for (; sweep != sweeps.end() && sweep->before == i; ++sweep) next.push_back(valueOf(*sweep));
        if (i < column.size()) next.push_back(column[i]);
    }
    column = std::move(next);
}

}  // namespace

void EventTable::insertSweeps(std::span<const AddedSweep> sweeps) {
    rebuild(memory, sweeps, [](const AddedSweep&) { return Memory::Unknown; });
    rebuild(address, sweeps, [](const AddedSweep&) { return AddressId{}; });
    rebuild(process.codes(), sweeps, [](const AddedSweep& sweep) { return ProcessColumn::code(sweep.process); });
    rebuild(size.numbers(), sweeps, [](const AddedSweep&) { return 0U; });
    rebuild(refCount, sweeps, [](const AddedSweep&) { return 0U; });
    rebuild(line, sweeps, [](const AddedSweep& sweep) { return sweep.line; });
    if (hasTime()) rebuild(time, sweeps, [](const AddedSweep&) { return kNoTime; });
    if (hasSender()) rebuild(sender.codes(), sweeps, [](const AddedSweep&) { return ProcessColumn::code({}); });
    rebuild(kind, sweeps, [](const AddedSweep&) { return EventKind::Sweep; });
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
}

}  // namespace alloclens
