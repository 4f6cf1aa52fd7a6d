// SPDX-License-Identifier: GPL-3.0-or-later
//
// Validity of UTF-8 text (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. Linear in the text.
#pragma once

#include <string>
#include <string_view>

namespace alloclens {

[[nodiscard]] bool isUtf8(std::string_view text);
/// Replaces each invalid byte by U+FFFD.
[[nodiscard]] std::string toValidUtf8(std::string_view text);

}  // namespace alloclens
