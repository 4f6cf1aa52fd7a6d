// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reports' functions, one file a subject, and what they share: the source's description, the rows that pass a
// filter, a line's text.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <vector>

#include "core/base/row_flags.h"
#include "core/report/report.h"
#include "core/report/table.h"

namespace alloclens {

[[nodiscard]] Result<void> writeSummaryText(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeSummaryJson(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeFindingsText(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeFindingsJson(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeFindingsCsv(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeFindingsMarkdown(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeFindingsHtml(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeFindingsSarif(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeEventsText(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeEventsJson(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeEventsCsv(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeAddressesText(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeAddressesJson(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeAddressesCsv(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeLedgerText(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeLedgerJson(const ReportInput& input, std::ostream& out);

[[nodiscard]] Result<void> writeMeshText(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeMeshJson(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeGuardsText(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeGuardsJson(const ReportInput& input, std::ostream& out);
[[nodiscard]] Result<void> writeGuardsCsv(const ReportInput& input, std::ostream& out);

/// The row numbers below `count` whose flag is set, or all of them without flags.
[[nodiscard]] std::vector<std::uint32_t> rowsShown(std::size_t count, const RowFlags* flags, std::size_t limit);

/// The rows of the findings that the filter lets through and that are news.
[[nodiscard]] std::vector<std::uint32_t> findingsShown(const ReportInput& input, std::size_t limit);

[[nodiscard]] nlohmann::ordered_json sourceJson(const Trace& trace);
/// Text that cannot break the JSON around it: invalid UTF-8 is replaced.
[[nodiscard]] std::string dumpJson(const nlohmann::ordered_json& value, int indent = -1);
/// `{ "schema": ..., "source": ..., "<name>": [` rows `] }`.
void writeJsonRows(const Trace& trace, std::string_view schema, std::string_view name, const Table& table,
                   std::ostream& out);

/// A cluster's name in reports: "c1" is the first.
[[nodiscard]] std::string clusterName(ClusterId id);

[[nodiscard]] Cell deviceCell(std::int32_t device);
[[nodiscard]] Cell sizeCell(std::uint64_t size);
[[nodiscard]] Cell memoryCell(Memory memory);
[[nodiscard]] Cell pidCell(std::int32_t pid);
/// ISO 8601, or nothing for kNoTime.
[[nodiscard]] Cell timeCell(std::int64_t time);
/// Puts "time" and "sender" of an event into its JSON, where they are known.
void addTimeAndSender(const Trace& trace, EventId event, nlohmann::ordered_json& json);

}  // namespace alloclens
