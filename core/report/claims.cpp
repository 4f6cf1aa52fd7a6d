// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

#include "core/base/showable.h"
#include "core/base/units.h"
#include "core/report/claims_report.h"
#include "core/report/parts.h"

namespace alloclens {
namespace {

std::string_view verdictText(bool isPossible) { return isPossible ? "consistent" : "impossible"; }

bool areAllPossible(std::span<const ClaimVerdict> verdicts) {
    return std::all_of(verdicts.begin(), verdicts.end(),
                       [](const ClaimVerdict& verdict) { return verdict.isPossible; });
}

void writeText(std::string_view path, std::span<const ClaimVerdict> verdicts, std::ostream& out) {
    out << showable(path) << '\n';
    out << fmt::format("{}: {}\n", formatQuantity(verdicts.size(), "relation"), verdictText(areAllPossible(verdicts)));
    for (const ClaimVerdict& verdict : verdicts) {
        out << fmt::format("  {:<12}{:<20}{}\n", verdictText(verdict.isPossible), showable(verdict.claim),
                           showable(verdict.why));
    }
}

void writeJson(std::string_view path, std::span<const ClaimVerdict> verdicts, std::ostream& out) {
    nlohmann::ordered_json json;
    json["schema"] = "alloclens.claims/1";
    json["path"] = path;
    json["verdict"] = verdictText(areAllPossible(verdicts));
    json["claims"] = nlohmann::ordered_json::array();
    for (const ClaimVerdict& verdict : verdicts) {
        json["claims"].push_back(
            {{"claim", verdict.claim}, {"verdict", verdictText(verdict.isPossible)}, {"why", verdict.why}});
    }
    out << dumpJson(json, 2) << '\n';
}

}  // namespace

Result<void> writeClaims(std::string_view path, std::span<const ClaimVerdict> verdicts, std::string_view format,
                         std::ostream& out) {
    if (format == "json") {
        writeJson(path, verdicts, out);
    } else {
        writeText(path, verdicts, out);
    }
    return {};
}

}  // namespace alloclens
