// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/plain_text.h"

#include <gtest/gtest.h>

#include <string>

namespace alloclens::server_log {
namespace {

std::string plain(std::string_view text) {
    std::string result;
    copyPlain(text, result);
    EXPECT_EQ(holdsControls(text), result != text) << text;
    return result;
}

TEST(PlainText, SequencesOfTerminalsAreLeftOut) {
    for (const std::string_view sequence : {"\x1b[0m",
                                            "\x1b[38;5;39m",
                                            "\x1b[?2004h",
                                            "\x1b[K",
                                            "\x1b(B",
                                            "\x1b#8",
                                            "\x1b ~",
                                            "\x1b=",
                                            "\x1b"
                                            "7",
                                            "\x1b]0;a title\a",
                                            "\x1b]8;;http://x/1\x1b\\",
                                            "\x1b]0;title\x9c",
                                            "\x1b]0;title\xc2\x9c",
                                            "\x1bPq#0\x1b\\",
                                            "\x1b_apc\x1b\\",
                                            "\x1b^pm\x1b\\",
                                            "\x1bXsos\x1b\\",
                                            "\x9b"
                                            "1m",
                                            "\xc2\x9b"
                                            "1m",
                                            "\x9d"
                                            "0;title\a"}) {
        EXPECT_EQ(plain("a" + std::string(sequence) + "b"), "ab");
    }
}

TEST(PlainText, ItsPlainPartEndsAtEachByteThatMayMeanMore) {
    constexpr std::size_t kLength = 19;  // two steps of eight bytes and a rest
    for (int byte = 0; byte < 256; ++byte) {
        const bool isPlain = byte >= ' ' && byte < 0x80 && byte != '\\';
        for (std::size_t at = 0; at < kLength; ++at) {
            std::string text(kLength, 'a');
            text[at] = static_cast<char>(byte);
            EXPECT_EQ(plainEnd(text, 0), isPlain ? kLength : at) << byte << " at " << at;
            EXPECT_EQ(plainEnd(text, at + 1), kLength) << byte << " before " << at + 1;
        }
    }
}

TEST(PlainText, AStringWithoutAnEndHidesNothing) {
    for (const std::string_view opener : {"\x1b]0;", "\x1bP", "\x1b_", "\x1b^", "\x1bX"})
        EXPECT_EQ(plain(std::string(opener) + "[PID 7] text"), "[PID 7] text");
    EXPECT_EQ(plain("\x1b]0;[PID 7]\x1b[0m text"), "[PID 7] text");
}

TEST(PlainText, BytesOfCharactersAreNoControls) { EXPECT_EQ(plain("✓ ✗ ⚠ 🚀 \xe2\x9c\x9b"), "✓ ✗ ⚠ 🚀 \xe2\x9c\x9b"); }

TEST(PlainText, OtherBlanksAreBlanks) {
    EXPECT_EQ(plain("a\u00a0b\u202fc\u2007d\u3000e\u2003f"), "a b c d e f");
    EXPECT_EQ(plain("a\u200bb\ufeffc\u2060d"), "abcd");
}

TEST(PlainText, ABackspaceTakesACharacter) { EXPECT_EQ(plain("ax\bb✓\bc"), "abc"); }

}  // namespace
}  // namespace alloclens::server_log
