// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

#include "core/base/saturating.h"
#include "core/base/showable.h"
#include "core/base/time_units.h"
#include "core/base/units.h"
#include "core/report/parts.h"
#include "core/report/text_style.h"
#include "core/wording/trust_notes.h"

namespace alloclens {
namespace {

struct AddressCounts {
    std::uint64_t total = 0;
    std::uint64_t balanced = 0;
    std::uint64_t unreleased = 0;
    std::uint64_t overFreed = 0;
};

AddressCounts countAddresses(const Replay& replay) {
    AddressCounts counts;
    counts.total = replay.addresses.size();
    for (const AddressSummary& address : replay.addresses) {
        counts.balanced += address.isBalanced() ? 1 : 0;
        counts.unreleased += address.isUnreleased() ? 1 : 0;
        counts.overFreed += address.isOverFreed() ? 1 : 0;
    }
    return counts;
}

std::string deviceBytes(std::uint64_t bytes) { return bytes == kSaturated ? "over 16 EiB" : formatBytes(bytes); }

std::uint64_t eventsWithoutTime(const Trace& trace) {
    const auto& times = trace.events.time;
    return static_cast<std::uint64_t>(std::count(times.begin(), times.end(), kNoTime));
}

class SummaryText {
public:
    SummaryText(const Analysis& analysis, LedgerGrade grade, bool colour, std::ostream& out)
        : m_analysis(analysis), m_grade(grade), m_style(colour), m_out(out) {}

    void write() {
        const Trace& trace = *m_analysis.trace;
        const EventTotals& totals = m_analysis.replay.totals;
        m_out << m_style.strong(showable(trace.source->path())) << '\n';
        m_out << fmt::format("{}, {}, format {}\n", formatQuantity(trace.source->lines(), "line"),
                             formatBytes(trace.source->fileBytes()), trace.formatName);
        for (const SourceFile& file : trace.source->files()) {
            const std::string lines = file.lines == 0 ? "no line"
                                                      : fmt::format("lines {} to {}", formatCount(file.firstLine),
                                                                    formatCount(file.firstLine + file.lines - 1));
            m_out << fmt::format("  {}: {}\n", file.path, lines);
        }
        if (!trace.origin.format.empty()) {
            m_out << fmt::format("made from {}{}{}\n", showable(trace.origin.format),
                                 trace.origin.path.empty() ? "" : " ", showable(trace.origin.path));
        }
        writeTime();
        m_out << fmt::format("ledger: {}\n", gradeName(m_grade));
        for (const std::string& note : trustNotes(m_analysis)) m_out << note << '\n';
        heading("Events");
        row("allocations", totals.allocations, "aliased:", totals.aliasedAllocations);
        row("accepted frees", totals.partialFrees + totals.finalFrees, "partial:", totals.partialFrees);
        row("refused frees", totals.unknownFrees, {}, 0, totals.unknownFrees > 0);
        row("lifetimes swept", totals.swept);
        const AddressCounts addresses = countAddresses(m_analysis.replay);
        heading("Addresses");
        row("distinct", addresses.total);
        row("balanced", addresses.balanced);
        row("unreleased", addresses.unreleased);
        row("over-freed", addresses.overFreed, {}, 0, addresses.overFreed > 0);
        writeFindings();
        writeCauses();
        writeDevices();
        writeDiagnostics();
    }

private:
    void heading(std::string_view title) { m_out << '\n' << m_style.strong(title) << '\n'; }

    void row(std::string_view name, std::uint64_t count, std::string_view detail = {}, std::uint64_t detailCount = 0,
             bool isRefused = false) {
        const std::string number = padded(formatCount(count), 14, true);
        m_out << fmt::format("  {:<22}{}", name, isRefused ? m_style.refused(number) : number);
        if (!detail.empty()) m_out << m_style.muted(fmt::format("   {} {}", detail, formatCount(detailCount)));
        m_out << '\n';
    }

    void writeTime() {
        const Trace& trace = *m_analysis.trace;
        if (!trace.hasTime()) return;
        const std::int64_t from = trace.timeIndex.start();
        const std::int64_t to = trace.timeIndex.end();
        m_out << fmt::format("{} to {}, {}\n", formatTime(from), formatTime(to), formatDuration(timeBetween(from, to)));
        if (const std::uint64_t count = eventsWithoutTime(trace); count > 0) {
            m_out << fmt::format("{} without a time\n", formatQuantity(count, "event"));
        }
    }

    void writeFindings() {
        heading("Findings");
        const auto kinds = findingKinds();
        bool isAny = false;
        for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
            const std::uint64_t count = m_analysis.findings.countOf[kind];
            if (count == 0) continue;
            isAny = true;
            row(kinds[kind].name, count, {}, 0, static_cast<FindingKind>(kind) == FindingKind::DoubleFree);
        }
        if (!isAny) m_out << "  none\n";
    }

    void writeCauses() {
        const Verdicts& verdicts = m_analysis.findings.verdicts;
        if (verdicts.rows.empty()) return;
        heading("Causes of refused frees");
        for (int i = kCauseCount - 1; i >= 0; --i) {
            const auto cause = static_cast<Cause>(i);
            const std::uint64_t count = verdicts.countOf[static_cast<std::size_t>(i)];
            if (count > 0) row(causeName(cause), count);
        }
    }

    void writeDevices() {
        const auto& devices = m_analysis.replay.devices;
        if (devices.empty()) return;
        heading("Devices");
        Table table;
        table.columns = {{"  device", "device", true, true},   {"addresses", "addresses", true},
                         {"allocations", "allocations", true}, {"frees", "frees", true},
                         {"refused", "unknownFrees", true},    {"peak live", "peakLiveBytes", true},
                         {"live at end", "endLiveBytes", true}};
        table.rows = devices.size();
        table.fill = [&devices](std::size_t i, std::vector<Cell>& cells) {
            const DeviceSummary& device = devices[i];
            cells = {deviceCell(device.device),
                     device.addresses,
                     device.allocations,
                     device.frees,
                     device.unknownFrees,
                     deviceBytes(device.peakLiveBytes),
                     deviceBytes(device.endLiveBytes)};
        };
        writeTableText(table, false, m_out);
    }

    void writeDiagnostics() {
        const Trace& trace = *m_analysis.trace;
        heading("Reading");
        row("lines with events", trace.lineCounts.events);
        row("other server lines", trace.lineCounts.facts);
        row("of other programs", trace.lineCounts.foreign);
        row("damaged", trace.lineCounts.damaged);
        for (int i = 0; i < kDiagnosticCodeCount; ++i) {
            const auto code = static_cast<DiagnosticCode>(i);
            if (const std::uint64_t count = countDiagnostics(m_analysis, code); count > 0)
                row(diagnosticName(code), count);
        }
    }

    const Analysis& m_analysis;
    LedgerGrade m_grade;
    TextStyle m_style;
    std::ostream& m_out;
};

}  // namespace

Result<void> writeSummaryText(const ReportInput& input, std::ostream& out) {
    SummaryText(*input.analysis, input.analysis->findings.ledger.grade, input.colour, out).write();
    return {};
}

Result<void> writeSummaryJson(const ReportInput& input, std::ostream& out) {
    const Analysis& analysis = *input.analysis;
    const EventTotals& totals = analysis.replay.totals;
    const AddressCounts addresses = countAddresses(analysis.replay);
    nlohmann::ordered_json json;
    json["schema"] = "alloclens.summary/1";
    json["source"] = sourceJson(*analysis.trace);
    if (analysis.trace->hasTime()) {
        const TimeIndex& times = analysis.trace->timeIndex;
        json["time"] = {{"first", formatTime(times.start())},
                        {"last", formatTime(times.end())},
                        {"nanoseconds", timeBetween(times.start(), times.end())},
                        {"eventsWithoutTime", eventsWithoutTime(*analysis.trace)}};
    }
    json["events"] = {{"total", totals.total},
                      {"allocations", totals.allocations},
                      {"aliasedAllocations", totals.aliasedAllocations},
                      {"partialFrees", totals.partialFrees},
                      {"finalFrees", totals.finalFrees},
                      {"unknownFrees", totals.unknownFrees},
                      {"refusedFrees", totals.unknownFrees},
                      {"swept", totals.swept}};
    json["addresses"] = {{"total", addresses.total},
                         {"balanced", addresses.balanced},
                         {"unreleased", addresses.unreleased},
                         {"overFreed", addresses.overFreed}};
    json["devices"] = nlohmann::ordered_json::array();
    for (const DeviceSummary& device : analysis.replay.devices) {
        nlohmann::ordered_json entry;
        entry["device"] = nullptr;
        if (device.device != kNoDevice) entry["device"] = device.device;
        entry["addresses"] = device.addresses;
        entry["allocations"] = device.allocations;
        entry["frees"] = device.frees;
        entry["unknownFrees"] = device.unknownFrees;
        entry["refusedFrees"] = device.unknownFrees;
        entry["peakLiveBytes"] = device.peakLiveBytes;
        entry["endLiveBytes"] = device.endLiveBytes;
        if (device.peakLiveBytes == kSaturated) entry["liveBytesSaturated"] = true;
        json["devices"].push_back(std::move(entry));
    }
    json["findings"] = nlohmann::ordered_json::object();
    for (std::size_t kind = 0; kind < findingKinds().size(); ++kind) {
        json["findings"][std::string(findingKinds()[kind].name)] = analysis.findings.countOf[kind];
    }
    json["causes"] = nlohmann::ordered_json::object();
    for (int i = 0; i < kCauseCount; ++i) {
        const std::uint64_t count = analysis.findings.verdicts.countOf[static_cast<std::size_t>(i)];
        if (count > 0) json["causes"][std::string(causeName(static_cast<Cause>(i)))] = count;
    }
    json["clusters"] = analysis.findings.clusters.size();
    json["diagnostics"] = nlohmann::ordered_json::object();
    for (int i = 0; i < kDiagnosticCodeCount; ++i) {
        const auto code = static_cast<DiagnosticCode>(i);
        const std::uint64_t count = countDiagnostics(analysis, code);
        if (count > 0) json["diagnostics"][std::string(diagnosticName(code))] = count;
    }
    const LineCounts& lines = analysis.trace->lineCounts;
    json["lines"] = {{"total", analysis.trace->source->lines()},
                     {"events", lines.events},
                     {"facts", lines.facts},
                     {"foreign", lines.foreign},
                     {"damaged", lines.damaged}};
    json["ledger"] = {{"grade", gradeName(input.analysis->findings.ledger.grade)}};
    json["trust"] = trustJson(analysis);
    out << dumpJson(json, 2) << '\n';
    return {};
}

}  // namespace alloclens
