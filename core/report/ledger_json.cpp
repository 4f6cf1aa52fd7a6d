// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>

#include <ostream>

#include "core/report/parts.h"
#include "core/wording/trust_notes.h"

namespace alloclens {
namespace {

using Json = nlohmann::ordered_json;

/// A line, or null for the whole log.
Json lineJson(std::uint32_t line) { return line > 0 ? Json(line) : Json(nullptr); }

Json checksJson(const Ledger& ledger, std::size_t limit) {
    Json checks = Json::array();
    for (const FailedCheck& failure : ledger.failures) {
        if (limit > 0 && checks.size() >= limit) break;
        checks.push_back({{"name", checkInfo(failure.kind).name},
                          {"line", lineJson(failure.line)},
                          {"subject", failure.subject},
                          {"expected", failure.expected},
                          {"actual", failure.actual},
                          {"ok", false}});
    }
    return checks;
}

Json countsJson(const std::array<std::uint64_t, kCheckKindCount>& counts) {
    Json json = Json::object();
    for (std::size_t i = 0; i < kCheckKindCount; ++i) {
        if (counts[i] > 0) json[std::string(checkInfo(static_cast<CheckKind>(i)).name)] = counts[i];
    }
    return json;
}

}  // namespace

Result<void> writeLedgerJson(const ReportInput& input, std::ostream& out) {
    const Ledger& ledger = input.analysis->findings.ledger;
    const EventTotals& totals = input.analysis->replay.totals;
    const std::uint64_t accepted = totals.partialFrees + totals.finalFrees;
    Json json;
    json["schema"] = "alloclens.ledger/1";
    json["source"] = sourceJson(*input.analysis->trace);
    json["grade"] = gradeName(ledger.grade);
    json["lines"] = {{"total", ledger.totalLines},
                     {"events", ledger.lines.events},
                     {"facts", ledger.lines.facts},
                     {"foreign", ledger.lines.foreign},
                     {"damaged", ledger.lines.damaged}};
    json["conservation"] = {{"allocations", totals.allocations},
                            {"freesReceived", accepted + totals.unknownFrees},
                            {"freesAccepted", accepted},
                            {"freesRefused", totals.unknownFrees}};
    json["sums"] = {{"count", ledger.sums},
                    {"lastLine", lineJson(ledger.lastSumLine)},
                    {"eventsBehind", ledger.eventsBehindLastSum}};
    json["checks"] = checksJson(ledger, input.limit);
    json["passed"] = countsJson(ledger.passed);
    json["failed"] = countsJson(ledger.failed);
    json["gapLines"] = ledger.gapLines;
    json["firstDivergence"] = nullptr;
    if (ledger.firstDivergence) {
        json["firstDivergence"] = {{"line", lineJson(ledger.firstDivergence->line)},
                                   {"what", ledger.firstDivergence->what}};
    }
    json["trust"] = trustJson(*input.analysis);
    out << dumpJson(json, 2) << '\n';
    return {};
}

}  // namespace alloclens
