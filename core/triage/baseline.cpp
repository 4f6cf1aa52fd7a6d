// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/triage/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/base/json.h"
#include "core/findings/detector.h"

namespace alloclens {
namespace {

constexpr std::string_view kBlanks = " \t\r";

Error wrong(const std::string& where, std::string what) {
    return {ErrorKind::Usage, std::move(what), where,
            "A baseline is what 'findings --format json' writes, or a list of finding ids, one on each line."};
}

std::string_view trimmed(std::string_view line) {
    const auto first = line.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
}

/// Whether the text begins with the name of a kind, as identifiers do: "double-free:4:..." -> true.
bool canBeId(std::string_view text) {
    const auto colon = text.find(':');
    return colon != std::string_view::npos && findingKindFromName(text.substr(0, colon)).has_value()
           && text.find_first_of(kBlanks) == std::string_view::npos;
}

/// Reads one identifier a line; '#' begins a comment.
std::optional<Error> readList(std::string_view text, const std::string& where, std::vector<std::string>& ids) {
    std::size_t number = 0;
    while (!text.empty()) {
        ++number;
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, std::min(text.find('#'), end)));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty()) continue;
        if (!canBeId(line)) return wrong(where, fmt::format("line {}: '{}' is not the id of a finding", number, line));
        ids.emplace_back(line);
    }
    return std::nullopt;
}

// Keeps only the identifiers, since a large log's findings are hundreds of megabytes and their identifiers a hundredth.
bool keepsIdsOnly(int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
    if (event != nlohmann::json::parse_event_t::key) return true;
    constexpr int kOfTheWhole = 1;
    constexpr int kOfARow = 3;
    if (depth == kOfTheWhole) return parsed == "findings";
    return depth != kOfARow || parsed == "id";
}

std::optional<Error> readJson(const nlohmann::json& json, const std::string& where, std::vector<std::string>& ids) {
    const auto findings = json.is_object() ? json.find("findings") : json.end();
    if (!json.is_object() || findings == json.end() || !findings->is_array())
        return wrong(where, "has no list \"findings\"");
    for (std::size_t i = 0; i < findings->size(); ++i) {
        const nlohmann::json& row = (*findings)[i];
        const auto id = row.is_object() ? row.find("id") : row.end();
        const bool isId = row.is_object() && id != row.end() && id->is_string() && canBeId(id->get<std::string>());
        if (!isId) return wrong(where, fmt::format("findings[{}] does not have the id of a finding", i));
        ids.push_back(id->get<std::string>());
    }
    return std::nullopt;
}

}  // namespace

Result<Baseline> Baseline::parse(std::string_view text, const std::string& where) {
    std::vector<std::string> ids;
    std::optional<Error> error;
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && text[first] == '{') {
        const auto json = parseJson<nlohmann::json>(text, keepsIdsOnly);
        error = json.is_discarded() ? std::optional(wrong(where, std::string(jsonFault(text))))
                                    : readJson(json, where, ids);
    } else {
        error = readList(text, where, ids);
    }
    if (error) return *error;
    Baseline baseline;
    for (std::string& id : ids) baseline.add(std::move(id));
    return baseline;
}

void Baseline::add(std::string id) {
    if (m_ids.insert(id).second) m_order.push_back(std::move(id));
}

}  // namespace alloclens
