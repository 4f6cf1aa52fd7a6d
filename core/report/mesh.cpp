// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compares the devices of each mesh: how many addresses they agree on, and a matrix of the others. A cell shows how
// many allocations and frees a device has too many (+) or too few (-).
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <ostream>

#include "core/base/units.h"
#include "core/report/parts.h"
#include "core/report/text_style.h"
#include "core/wording/story.h"

namespace alloclens {
namespace {

using Json = nlohmann::ordered_json;

/// The divergences at one address of a mesh: a row of the matrix.
struct MatrixRow {
    std::uint32_t mesh;
    std::uint64_t address;
    std::vector<const MeshDivergence*> cells;
};

/// The rows in the order in which they begin, without those that the filter hides.
std::vector<MatrixRow> matrixOf(const ReportInput& input) {
    const MeshParity& parity = input.analysis->findings.mesh;
    std::vector<MatrixRow> rows;
    std::map<std::pair<std::uint32_t, std::uint64_t>, std::size_t> known;
    for (const MeshDivergence& divergence : parity.divergences) {
        if (input.filter != nullptr && !input.filter->findings[divergence.finding.index()]) continue;
        const auto [at, isNew] = known.try_emplace({divergence.mesh, divergence.address}, rows.size());
        if (isNew) rows.push_back({divergence.mesh, divergence.address, {}});
        rows[at->second].cells.push_back(&divergence);
    }
    return rows;
}

/// "-1A" lacks an allocation, "+2F" has two extra frees, "?" is too different to count.
std::string cellText(const MeshDivergence& divergence) {
    if (divergence.isApart) return "?";
    std::string text;
    if (divergence.lackedAllocations > 0) text += fmt::format("-{}A", divergence.lackedAllocations);
    if (divergence.extraAllocations > 0) text += fmt::format("+{}A", divergence.extraAllocations);
    if (divergence.lackedFrees > 0) text += fmt::format("-{}F", divergence.lackedFrees);
    if (divergence.extraFrees > 0) text += fmt::format("+{}F", divergence.extraFrees);
    return text;
}

std::string deviceList(const Mesh& mesh) {
    std::string text;
    for (const std::int32_t device : mesh.devices) text += fmt::format("{}{}", text.empty() ? "" : ", ", device);
    return text;
}

void writeMatrix(const ReportInput& input, std::uint32_t number, const std::vector<const MatrixRow*>& own,
                 std::ostream& out) {
    const Analysis& analysis = *input.analysis;
    const Mesh& mesh = analysis.findings.mesh.meshes[number];
    if (own.empty()) return;
    constexpr std::size_t kShown = 50;
    const std::size_t shown = std::min(own.size(), input.limit > 0 ? input.limit : kShown);
    Table table;
    std::vector<std::string> titles;
    for (const std::int32_t device : mesh.devices) titles.push_back(fmt::format("device {}", device));
    table.columns = {{"address", "", true}};
    for (const std::string& title : titles) table.columns.push_back({title, "", true});
    table.columns.push_back({"first line", "", true});
    table.rows = shown;
    table.fill = [&](std::size_t i, std::vector<Cell>& cells) {
        const MatrixRow& row = *own[i];
        cells[0] = formatAddress(row.address, analysis.trace->addressForm);
        for (const MeshDivergence* cell : row.cells) {
            const auto at = std::lower_bound(mesh.devices.begin(), mesh.devices.end(), cell->device);
            cells[1 + static_cast<std::size_t>(at - mesh.devices.begin())] = cellText(*cell);
        }
        const EventId first = analysis.findings.mesh.eventsOf(*row.cells.front()).front().event;
        cells.back() = std::uint64_t{analysis.trace->events.line[first.index()]};
    };
    writeTableText(table, input.colour, out);
    if (shown < own.size()) out << fmt::format("... and {} more (raise --limit)\n", formatCount(own.size() - shown));
    out << '\n';
}

}  // namespace

Result<void> writeMeshText(const ReportInput& input, std::ostream& out) {
    const MeshParity& parity = input.analysis->findings.mesh;
    const TextStyle style(input.colour);
    if (parity.meshes.empty()) {
        out << "No devices run in step: no two have the same allocations and frees at half of their addresses.\n";
        return {};
    }
    const auto rows = matrixOf(input);
    std::vector<std::vector<const MatrixRow*>> rowsOf(parity.meshes.size());
    for (const MatrixRow& row : rows) rowsOf[row.mesh].push_back(&row);
    for (std::uint32_t number = 0; number < parity.meshes.size(); ++number) {
        const Mesh& mesh = parity.meshes[number];
        out << style.strong(
            fmt::format("mesh of {}: {}", formatQuantity(mesh.devices.size(), "device"), deviceList(mesh)))
            << '\n'
            << fmt::format("  {} the same on all, {} where devices differ, {} not comparable\n\n",
                           formatQuantity(mesh.addressesAlike, "address", "addresses"),
                           formatCount(mesh.addressesApart), formatCount(mesh.addressesOther));
        writeMatrix(input, number, rowsOf[number], out);
    }
    if (!rows.empty()) {
        out << style.muted(
            "A allocations, F frees; + more, - fewer than the devices in step; ? too different to compare\n");
        const FindingId first = rows.front().cells.front()->finding;
        const EventId event = input.analysis->findings.row(first).primary;
        out << fmt::format("First: line {}: {}\n", formatCount(input.analysis->trace->events.line[event.index()]),
                           meshSentence(*input.analysis, first));
    }
    return {};
}

Result<void> writeMeshJson(const ReportInput& input, std::ostream& out) {
    const Analysis& analysis = *input.analysis;
    Json json;
    json["schema"] = "alloclens.mesh/1";
    json["source"] = sourceJson(*analysis.trace);
    json["meshes"] = Json::array();
    for (const Mesh& mesh : analysis.findings.mesh.meshes) {
        json["meshes"].push_back(
            {{"devices", mesh.devices},
             {"addresses",
              {{"alike", mesh.addressesAlike}, {"apart", mesh.addressesApart}, {"other", mesh.addressesOther}}}});
    }
    json["divergences"] = Json::array();
    const auto rows = matrixOf(input);
    const std::size_t shown = input.limit > 0 ? std::min(input.limit, rows.size()) : rows.size();
    for (std::size_t i = 0; i < shown; ++i) {
        for (const MeshDivergence* of : rows[i].cells) {
            Json events = Json::array();
            for (const DivergentEvent& event : analysis.findings.mesh.eventsOf(*of)) {
                events.push_back(
                    {{"line", analysis.trace->events.line[event.event.index()]}, {"lacking", event.isLacking}});
            }
            json["divergences"].push_back({{"mesh", of->mesh},
                                           {"device", of->device},
                                           {"address", of->address},
                                           {"addressHex", formatHex(of->address)},
                                           {"devicesInStep", of->agreeing},
                                           {"lackedAllocations", of->lackedAllocations},
                                           {"lackedFrees", of->lackedFrees},
                                           {"extraAllocations", of->extraAllocations},
                                           {"extraFrees", of->extraFrees},
                                           {"apart", of->isApart},
                                           {"finding", findingId(analysis.replay, analysis.findings.row(of->finding))},
                                           {"events", std::move(events)}});
        }
    }
    out << dumpJson(json, 2) << '\n';
    return {};
}

}  // namespace alloclens
