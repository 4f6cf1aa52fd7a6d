// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace alloclens {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

TEST(Utf8, WellFormedTextIsKeptAsItIs) {
    for (const std::string_view text : {"", "plain", "✓ ✗ ⚠️ 🚀", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf"}) {
        EXPECT_TRUE(isUtf8(text)) << text;
        EXPECT_EQ(toValidUtf8(text), text);
    }
}

TEST(Utf8, IllFormedBytesAreReplacedOneByOne) {
    // A lone continuation, overlong forms, a surrogate, above U+10FFFF, cut sequences.
    for (const std::string_view text : {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5",
                                        "\xe2\x9c", "\xf0\x9f\x9a", "\xff\xfe"}) {
        EXPECT_FALSE(isUtf8(text));
        std::string expected;
        for (std::size_t i = 0; i < text.size(); ++i) expected += kReplacement;
        EXPECT_EQ(toValidUtf8(text), expected);
    }
}

TEST(Utf8, AnIllFormedByteIsFoundAtAnyPlace) {
    for (std::size_t length = 1; length < 40; ++length) {
        for (std::size_t at = 0; at < length; ++at) {
            std::string text(length, 'a');
            text[at] = '\xff';
            EXPECT_FALSE(isUtf8(text));
            EXPECT_EQ(toValidUtf8(text),
                      std::string(at, 'a') + std::string(kReplacement) + std::string(length - at - 1, 'a'));
        }
    }
}

TEST(Utf8, WhatFollowsACutSequenceIsKept) { EXPECT_EQ(toValidUtf8("\xe2\x9c A"), "\xEF\xBF\xBD\xEF\xBF\xBD A"); }

}  // namespace
}  // namespace alloclens
