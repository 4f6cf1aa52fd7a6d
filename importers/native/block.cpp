// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/block.h"

#include "core/base/json.h"

namespace alloclens::native {
namespace {

using Json = nlohmann::ordered_json;

Json parsed(std::string_view text) { return parseJson<Json>(text); }

std::string stringOf(const Json& object, const char* key) {
    const auto at = object.find(key);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

bool flagOf(const Json& object, const char* key, bool otherwise) {
    const auto at = object.find(key);
    return at != object.end() && at->is_boolean() ? at->get<bool>() : otherwise;
}

}  // namespace

void Block::clear() {
    events.clear();
    lines = 0;
    text.clear();
    facts.clear();
    diagnostics = {};
    lineCounts = {};
    gaps.clear();
    attributeTables.clear();
    processes.clear();
}

std::string descriptionText(const Description& description) {
    Json json;
    json["format"] = description.format;
    json["path"] = description.path;
    json["countsReferences"] = description.rules.countsReferences;
    json["keepsLastSize"] = description.rules.keepsLastSize;
    json["hexadecimal"] = description.addressForm == AddressForm::Hexadecimal;
    if (const Json details = parsed(description.json); details.is_object()) json["details"] = details;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool readDescription(std::string_view text, Description& description) {
    const Json json = parsed(text);
    if (!json.is_object()) return false;
    description.format = stringOf(json, "format");
    description.path = stringOf(json, "path");
    description.rules.countsReferences = flagOf(json, "countsReferences", TrackerRules{}.countsReferences);
    description.rules.keepsLastSize = flagOf(json, "keepsLastSize", TrackerRules{}.keepsLastSize);
    description.addressForm = flagOf(json, "hexadecimal", false) ? AddressForm::Hexadecimal : AddressForm::Decimal;
    const auto details = json.find("details");
    if (details != json.end()) description.json = details->dump(-1, ' ', false, Json::error_handler_t::replace);
    return true;
}

}  // namespace alloclens::native
