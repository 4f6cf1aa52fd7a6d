// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/showable.h"

#include <gtest/gtest.h>

#include "core/base/utf8.h"

namespace alloclens {
namespace {

TEST(Showable, LeavesOrdinaryTextAsItIs) {
    for (const std::string_view text : {"", "plain\ttext ~", "✓ [PID 7] 🚀 Grüße ⚠️", "日本語 עברית"})
        EXPECT_EQ(showable(text), text);
}

TEST(Showable, MakesControlsOfTerminalsVisible) {
    EXPECT_EQ(showable("a\x1b]0;title\x07z"), "a\\x1b]0;title\\x07z");
    EXPECT_EQ(showable(std::string_view("\0\x7f\r\n", 4)), "\\x00\\x7f\\r\\n");
    EXPECT_EQ(showable("\xc2\x9b"
                       "31m"),
              "\\u009b31m")
        << "CSI as one character of C1";
}

TEST(Showable, MakesControlsOfWritingDirectionVisible) {
    EXPECT_EQ(showable("a\xe2\x80\xae"
                       "b\xe2\x81\xa6"
                       "c\xd8\x9c"),
              "a\\u202eb\\u2066c\\u061c");
    EXPECT_EQ(showable("\xef\xbb\xbf\xe2\x80\xa8"), "\\ufeff\\u2028");
}

TEST(Showable, IsValidUtf8WhateverComes) {
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        for (const std::string& text :
             {std::string(1, c), std::string("\xe2\x80") + c, std::string("\xf0\x9f") + c + "x"}) {
            EXPECT_TRUE(isUtf8(showable(text))) << byte;
            for (const char shown : showable(text))
                EXPECT_TRUE(static_cast<unsigned char>(shown) >= 0x20 || shown == '\t');
        }
    }
    EXPECT_EQ(showable("\xff\x1b"), "\xef\xbf\xbd\\x1b");
}

TEST(Showable, JsonStaysTheSameValue) {
    EXPECT_EQ(showableJson("{\n  \"a\": \"x\xc2\x9b\x7f\xe2\x80\xae✓🚀\"\n}"),
              "{\n  \"a\": \"x\\u009b\\u007f\\u202e✓🚀\"\n}");
    EXPECT_EQ(showableJson("[1, \"plain\"]"), "[1, \"plain\"]");
}

TEST(Showable, KeepsTheLinesOfATextThatHasSeveral) {
    EXPECT_EQ(showableLines("one\ntwo\x1b\r\n"), "one\ntwo\\x1b\\r\n");
}

}  // namespace
}  // namespace alloclens
