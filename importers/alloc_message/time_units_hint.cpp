// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/time_units_hint.h"

#include <fmt/format.h>

#include "core/base/units.h"
#include "importers/alloc_message/record_text.h"

namespace alloclens::alloc_message {

void TimeUnitsHint::look(const Message& message, std::uint32_t line) {
    if (message.timestamp == 0) return;
    Unit& unit = countsMicroseconds(message.timestamp) ? m_microseconds : m_nanoseconds;
    if (unit.count++ == 0) unit.first = line;
}

void TimeUnitsHint::tell(Diagnostics& diagnostics) const {
    if (m_microseconds.count == 0 || m_nanoseconds.count == 0) return;
    const bool areFew = m_microseconds.count < m_nanoseconds.count;
    const Unit& few = areFew ? m_microseconds : m_nanoseconds;
    diagnostics.add({DiagnosticCode::OddTime, few.first,
                     fmt::format("{} {} and the others {}: programs of different builds",
                                 formatQuantity(few.count, "time counts", "times count"),
                                 areFew ? "microseconds" : "nanoseconds", areFew ? "nanoseconds" : "microseconds")});
    diagnostics.addUnkept(DiagnosticCode::OddTime, few.count - 1);
}

}  // namespace alloclens::alloc_message
