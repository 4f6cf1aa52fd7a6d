// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/frames/json_line.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <map>

#include "importers/server_log/event_line.h"
#include "importers/server_log/frames/sentence.h"

namespace alloclens::server_log {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestLine = std::size_t{1} << 20;

bool looksLikeObject(std::string_view line) {
    const std::size_t first = line.find_first_not_of(" \t");
    return first != std::string_view::npos && line[first] == '{' && line.size() <= kLongestLine;
}

Json parsed(std::string_view line) {
    if (!looksLikeObject(line)) return Json::value_t::discarded;
    return Json::parse(line.begin(), line.end(), nullptr, false);
}

std::optional<std::string> textOf(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_array()) return std::nullopt;
    std::string bytes;
    bytes.reserve(value.size());
    for (const Json& byte : value) {
        const bool isByte = byte.is_number_integer() && byte >= -128 && byte <= 255;
        if (!isByte) return std::nullopt;
        bytes += static_cast<char>(static_cast<unsigned char>(byte.get<std::int64_t>() & 0xFF));
    }
    return bytes;
}

bool isServerText(std::string_view text) {
    if (text.find(kProcessHead) != std::string_view::npos) return true;
    const SentenceMatch match = matchSentence(text);
    constexpr std::size_t kSurely = 10;
    return match.isWhole && match.end >= match.begin + kSurely;
}

}  // namespace

std::optional<JsonShape> JsonShape::learn(const std::vector<std::string_view>& lines) {
    std::map<std::string, std::size_t> counts;
    std::map<std::string, std::size_t> ended;
    std::size_t objects = 0;
    for (const std::string_view line : lines) {
        const Json object = parsed(line);
        if (!object.is_object()) continue;
        ++objects;
        for (const auto& [field, value] : object.items()) {
            const auto text = textOf(value);
            if (!text) continue;
            if (isServerText(*text)) ++counts[field];
            if (text->ends_with('\n')) ++ended[field];
        }
    }
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most == counts.end() || objects * 2 < lines.size()) return std::nullopt;
    JsonShape shape;
    shape.m_field = most->first;
    // Where a server's line is cut at each write, but one in a dozen pieces has the end.
    constexpr std::size_t kOneIn = 20;
    shape.m_hasLineEnds = ended[shape.m_field] * kOneIn >= objects;
    return shape;
}

std::optional<JsonLine> JsonShape::read(std::string_view line) const {
    const Json object = parsed(line);
    if (!object.is_object() || !object.contains(m_field)) return std::nullopt;
    auto text = textOf(object[m_field]);
    if (!text) return std::nullopt;
    JsonLine result;
    result.text = std::move(*text);
    for (const char* const field :
         {"_HOSTNAME", "host", "hostname", "CONTAINER_NAME", "container_name", "SYSLOG_IDENTIFIER", "_PID", "stream"}) {
        const auto value = object.find(field);
        if (value == object.end() || field == m_field) continue;
        const std::string word = value->is_string()           ? value->get<std::string>()
                                 : value->is_number_integer() ? std::to_string(value->get<std::int64_t>())
                                                              : std::string();
        if (word.empty()) continue;
        if (!result.stream.empty()) result.stream += ' ';
        result.stream += word;
    }
    for (const char* const field : {"CONTAINER_PARTIAL_MESSAGE", "partial_message"}) {
        const auto value = object.find(field);
        if (value != object.end() && (*value == "true" || *value == true)) result.isPartial = true;
    }
    return result;
}

}  // namespace alloclens::server_log
