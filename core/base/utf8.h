// SPDX-License-Identifier: GPL-3.0-or-later
//
// Validity of UTF-8 text (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
#pragma once

#include <string>
#include <string_view>

namespace alloclens {

[[nodiscard]] bool isUtf8(std::string_view text);
/// The text with each invalid byte replaced by U+FFFD.
[[nodiscard]] std::string toValidUtf8(std::string_view text);

}  // namespace alloclens
