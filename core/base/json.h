// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one way to parse JSON from outside. The library parses any depth, but it writes values by recursion, and so do
// callers that visit them: a few kilobytes of "[[[[" would overflow the stack. Include it in .cpp files only, since it
// includes the whole library.
#pragma once

#include <nlohmann/json.hpp>

#include <string_view>

namespace alloclens {

inline constexpr int kMaxJsonDepth = 64;

/// Whether arrays and objects nest deeper than kMaxJsonDepth: "[[1]]" has depth 2. Any answer is possible if the text
/// is not JSON.
[[nodiscard]] bool isNestedTooDeep(std::string_view text);

/// Returns the value, or a discarded one if the text is not JSON or nests too deep: check is_discarded().
template <typename Json>
[[nodiscard]] Json parseJson(std::string_view text, const typename Json::parser_callback_t& callback = nullptr) {
    if (isNestedTooDeep(text)) return Json(Json::value_t::discarded);
    return Json::parse(text, callback, false);
}

/// Says why `text` gave a discarded value: "is no whole JSON".
[[nodiscard]] std::string_view jsonFault(std::string_view text);

}  // namespace alloclens
