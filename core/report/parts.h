// SPDX-License-Identifier: GPL-3.0-or-later
//
// The functions of the reports, one file for each subject, and what they share. Reports read `input.analysis`, which
// must not be null. Errors: the source's lines cannot be read. Internal to core/report.
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

/// The rows of [0, count) whose flag is set, or all rows if `flags` is null. At most `limit`; 0 means all.
[[nodiscard]] std::vector<std::uint32_t> rowsShown(std::size_t count, const RowFlags* flags, std::size_t limit);

/// The rows of the findings that pass the filter and are news. At most `limit`; 0 means all.
[[nodiscard]] std::vector<std::uint32_t> findingsShown(const ReportInput& input, std::size_t limit);

[[nodiscard]] nlohmann::ordered_json sourceJson(const Trace& trace);
/// Serialises JSON. Replaces invalid UTF-8 and escapes control characters.
[[nodiscard]] std::string dumpJson(const nlohmann::ordered_json& value, int indent = -1);
/// Writes `{ "schema": ..., "source": ..., "<name>": [` rows `] }`.
void writeJsonRows(const Trace& trace, std::string_view schema, std::string_view name, const Table& table,
                   std::ostream& out);

/// The name of a cluster in reports, from "c1" on.
[[nodiscard]] std::string clusterName(ClusterId id);

[[nodiscard]] Cell deviceCell(std::int32_t device);
[[nodiscard]] Cell sizeCell(std::uint64_t size);
[[nodiscard]] Cell memoryCell(Memory memory);
[[nodiscard]] Cell pidCell(std::int32_t pid);
/// ISO 8601, or an empty cell for kNoTime.
[[nodiscard]] Cell timeCell(std::int64_t time);
/// Adds "time", "sender" and the attributes of an event to its JSON if they are known.
void addOptionalValues(const Trace& trace, EventId event, nlohmann::ordered_json& json);

}  // namespace alloclens
