// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/report.h"

#include "core/report/parts.h"

namespace alloclens {

std::span<const Report> reports() {
    static constexpr Report kReports[] = {
        {"summary", "text", writeSummaryText},     {"summary", "json", writeSummaryJson},
        {"findings", "text", writeFindingsText},   {"findings", "json", writeFindingsJson},
        {"findings", "csv", writeFindingsCsv},     {"findings", "markdown", writeFindingsMarkdown},
        {"findings", "html", writeFindingsHtml},   {"findings", "sarif", writeFindingsSarif},
        {"events", "text", writeEventsText},       {"events", "json", writeEventsJson},
        {"events", "csv", writeEventsCsv},         {"addresses", "text", writeAddressesText},
        {"addresses", "json", writeAddressesJson}, {"addresses", "csv", writeAddressesCsv},
        {"ledger", "text", writeLedgerText},       {"ledger", "json", writeLedgerJson},
        {"mesh", "text", writeMeshText},           {"mesh", "json", writeMeshJson},
        {"guards", "text", writeGuardsText},       {"guards", "json", writeGuardsJson},
        {"guards", "csv", writeGuardsCsv},
    };
    return kReports;
}

const Report* findReport(std::string_view subject, std::string_view format) {
    for (const Report& report : reports()) {
        if (report.subject == subject && report.format == format) return &report;
    }
    return nullptr;
}

}  // namespace alloclens
