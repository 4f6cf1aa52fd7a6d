// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/triage/suppressions.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fnmatch.h>
#include <optional>

#include "core/base/json.h"

namespace alloclens {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kSchema = "alloclens.suppressions/1";

Error wrong(const std::string& where, std::string what) {
    return {ErrorKind::Usage, std::move(what), where, "docs/triage.md describes the form of suppressions."};
}

template <typename Number>
bool readNumber(std::string_view digits, Number& number) {
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return code == std::errc() && end == digits.data() + digits.size();
}

/// "2027-03-31" -> that day. "2027-02-30" -> none, since there is no such day.
std::optional<std::chrono::year_month_day> readDay(std::string_view text) {
    constexpr std::size_t kLength = 10;
    constexpr std::size_t kMonth = 5;
    constexpr std::size_t kDay = 8;
    if (text.size() != kLength || text[kMonth - 1] != '-' || text[kDay - 1] != '-') return std::nullopt;
    unsigned year = 0;
    unsigned month = 0;
    unsigned day = 0;
    if (!readNumber(text.substr(0, 4), year) || !readNumber(text.substr(kMonth, 2), month)
        || !readNumber(text.substr(kDay, 2), day))
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)), std::chrono::month(month),
                                           std::chrono::day(day)};
    return date.ok() ? std::optional(date) : std::nullopt;
}

/// The text in member `name` of `row`; none if it is missing, empty or not a text.
std::optional<std::string> textOf(const Json& row, const char* name) {
    const auto at = row.find(name);
    if (at == row.end() || !at->is_string() || at->get<std::string>().empty()) return std::nullopt;
    return at->get<std::string>();
}

Result<Suppression> readRow(const Json& row, const std::string& where, const std::string& place) {
    if (!row.is_object()) return wrong(where, place + " is not an object");
    for (const auto& [name, value] : row.items()) {
        if (name != "signature" && name != "reason" && name != "expires")
            return wrong(where, fmt::format("{} has '{}', which is not known", place, name));
    }
    const auto signature = textOf(row, "signature");
    const auto reason = textOf(row, "reason");
    const auto expires = textOf(row, "expires");
    if (!signature) return wrong(where, place + " has no \"signature\"");
    if (!reason) return wrong(where, place + " has no \"reason\"");
    if (!expires) return wrong(where, place + " has no day \"expires\"");
    const auto day = readDay(*expires);
    if (!day) return wrong(where, fmt::format("{}: '{}' is not a day such as 2027-03-31", place, *expires));
    return Suppression{*signature, *reason, *day};
}

}  // namespace

bool Suppression::matches(const std::string& clusterSignature) const {
    return ::fnmatch(signature.c_str(), clusterSignature.c_str(), FNM_NOESCAPE) == 0;
}

Result<std::vector<Suppression>> parseSuppressions(std::string_view text, const std::string& where) {
    const Json json = parseJson<Json>(text);
    if (json.is_discarded()) return wrong(where, std::string(jsonFault(text)));
    if (!json.is_object() || textOf(json, "schema") != kSchema)
        return wrong(where, fmt::format("has no \"schema\": \"{}\"", kSchema));
    const auto rows = json.find("suppressions");
    if (rows == json.end() || !rows->is_array()) return wrong(where, "has no list \"suppressions\"");
    std::vector<Suppression> all;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        auto row = readRow((*rows)[i], where, fmt::format("suppressions[{}]", i));
        if (!row) return row.error();
        all.push_back(std::move(*row));
    }
    return all;
}

std::string dayText(std::chrono::year_month_day day) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

std::chrono::year_month_day today() { return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()); }

}  // namespace alloclens
