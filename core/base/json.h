// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one way to parse JSON that comes from outside. The library parses and frees any depth, but it writes values by
// recursion, and so may whoever walks them: a few kilobytes of "[[[[" would overflow the stack. For .cpp files only,
// since this includes all of the library.
#pragma once

#include <nlohmann/json.hpp>

#include <string_view>

namespace alloclens {

inline constexpr int kMaxJsonDepth = 64;

/// Whether arrays and objects are nested deeper than kMaxJsonDepth. Text that is not JSON may get either answer.
[[nodiscard]] bool isNestedTooDeep(std::string_view text);

/// The value; a discarded one where the text is not JSON or is nested too deep.
template <typename Json>
[[nodiscard]] Json parseJson(std::string_view text, const typename Json::parser_callback_t& callback = nullptr) {
    if (isNestedTooDeep(text)) return Json(Json::value_t::discarded);
    return Json::parse(text, callback, false);
}

/// What to say of a text that gave a discarded value.
[[nodiscard]] std::string_view jsonFault(std::string_view text);

}  // namespace alloclens
