// SPDX-License-Identifier: GPL-3.0-or-later
//
// How the window words things, so that every panel says them alike: numbers with thousands separated, addresses in the
// log's form with the other one at hand, a dash where the source gives nothing. The numbers themselves come from
// core/base/units.
#pragma once

#include <QString>

#include <string_view>

#include "core/analysis/analysis.h"

namespace alloclens {

[[nodiscard]] QString toQString(std::string_view text);
/// A text of unknown origin as a tooltip or list entry: not taken for HTML, and controls are visible.
[[nodiscard]] QString tipText(const QString& text);
[[nodiscard]] QString countText(std::uint64_t count);
/// "1 finding", "2 findings".
[[nodiscard]] QString quantityText(std::uint64_t count, std::string_view singular, std::string_view plural = {});
/// An event's number for people: the first is 1.
[[nodiscard]] QString eventNumberText(EventId id);
[[nodiscard]] QString sizeText(std::uint64_t size);
/// The same to the byte, for tooltips.
[[nodiscard]] QString exactSizeText(std::uint64_t size);
/// The time of an event from the trace's start, "3.004200000 s", or a dash.
[[nodiscard]] QString offsetText(const Trace& trace, EventId event);
[[nodiscard]] QString pidText(std::int32_t pid);
[[nodiscard]] QString memoryText(Memory memory);
[[nodiscard]] QString deviceText(const Analysis& analysis, AddressId id);
[[nodiscard]] QString addressText(const Analysis& analysis, AddressId id);
/// The address in the form that the log does not use.
[[nodiscard]] QString otherAddressText(const Analysis& analysis, AddressId id);
[[nodiscard]] QString lifetimeText(const Analysis& analysis, AddressId id, std::uint32_t generation);
[[nodiscard]] QString eventKindText(EventKind kind);
[[nodiscard]] QString letterText(Letter letter);
/// "live at the end", "2 refused frees" ...: what is left of a key when the trace ends.
[[nodiscard]] QString addressStateText(const AddressSummary& summary);
/// The pids that a finding names, comma-separated.
[[nodiscard]] QString findingPidsText(const Analysis& analysis, const Finding& finding);

}  // namespace alloclens
