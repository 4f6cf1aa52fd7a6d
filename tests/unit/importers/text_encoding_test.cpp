// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logs in UTF-16 and UTF-32, whole and damaged, give the lines that they have in UTF-8.
#include "importers/text_encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "core/base/utf8.h"
#include "importers/importer.h"
#include "tests/generator/generator.h"
#include "tests/unit/support/packers.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::u32string_view kLog = U"🚀 Allocation Server started\n"
                                     U"✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n"
                                     U"✗ [PID 1] Freed buffer 16 on device 0 (4 bytes, FINAL)\n";

void addUnit(std::string& bytes, std::uint32_t unit, unsigned size, bool isLittle) {
    for (unsigned i = 0; i < size; ++i) bytes += static_cast<char>(unit >> 8 * (isLittle ? i : size - 1 - i) & 0xFF);
}

std::string utf16(std::u32string_view text, bool isLittle) {
    std::string bytes;
    for (const char32_t c : text) {
        if (c >= 0x10000) {
            addUnit(bytes, 0xD800 + ((c - 0x10000) >> 10), 2, isLittle);
            addUnit(bytes, 0xDC00 + (c & 0x3FF), 2, isLittle);
        } else {
            addUnit(bytes, c, 2, isLittle);
        }
    }
    return bytes;
}

std::string utf32(std::u32string_view text, bool isLittle) {
    std::string bytes;
    for (const char32_t c : text) addUnit(bytes, c, 4, isLittle);
    return bytes;
}

std::string utf8(std::u32string_view text) {
    std::string bytes;
    Transcoder transcoder(TextEncoding::Utf32Le);
    const WriteFunction write = [&bytes](const char* piece, std::size_t size) -> Result<void> {
        bytes.append(piece, size);
        return {};
    };
    EXPECT_TRUE(transcoder.take(utf32(text, true), write));
    EXPECT_TRUE(transcoder.finish(write));
    return bytes;
}

/// In pieces of `step` bytes.
std::string transcoded(TextEncoding encoding, std::string_view bytes, std::size_t step) {
    std::string text;
    const WriteFunction write = [&text](const char* piece, std::size_t size) -> Result<void> {
        text.append(piece, size);
        return {};
    };
    Transcoder transcoder(encoding);
    for (std::size_t at = 0; at < bytes.size(); at += step) EXPECT_TRUE(transcoder.take(bytes.substr(at, step), write));
    EXPECT_TRUE(transcoder.finish(write));
    return text;
}

std::u32string withCarriageReturns(std::u32string_view text) {
    std::u32string lines;
    for (const char32_t c : text) lines += c == '\n' ? std::u32string(U"\r\n") : std::u32string(1, c);
    return lines;
}

TEST(TextEncoding, ALogInUtf16IsReadAsInUtf8) {
    const auto plain = test::readLog(utf8(kLog));
    for (const bool isLittle : {true, false}) {
        for (const std::u32string& log : {std::u32string(kLog), withCarriageReturns(kLog)}) {
            for (const std::u32string_view mark : {U"", U"\uFEFF"}) {
                const std::string bytes = utf16(std::u32string(mark) + log, isLittle);
                for (const std::string& stored : {bytes, test::gzip(bytes), test::xz(test::zstd(bytes))}) {
                    const auto trace = test::readLog(stored);
                    EXPECT_EQ(trace->events.count(), plain->events.count());
                    EXPECT_EQ(trace->source->lines(), 3U);
                    EXPECT_EQ(*trace->source->lineText(2),
                              "✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)");
                    EXPECT_EQ(trace->diagnostics.total(), 0U);
                }
            }
        }
    }
}

TEST(TextEncoding, ALogInUtf32WithAMarkIsRead) {
    for (const bool isLittle : {true, false}) {
        const auto trace = test::readLog(utf32(U"\uFEFF" + std::u32string(kLog), isLittle));
        EXPECT_EQ(trace->events.count(), test::readLog(utf8(kLog))->events.count());
        EXPECT_EQ(*trace->source->lineText(1), "🚀 Allocation Server started");
    }
}

TEST(TextEncoding, ABannerOfOtherCharactersMayComeFirst) {
    std::u32string log = U"╔" + std::u32string(60, U'═') + U"╗\n║" + std::u32string(60, U'░') + U"║\n";
    log += kLog;
    EXPECT_EQ(encodingOf(utf16(log, true)), TextEncoding::Utf16Le);
    EXPECT_EQ(encodingOf(utf16(log, false)), TextEncoding::Utf16Be);
    EXPECT_EQ(test::readLog(utf16(log, true))->source->lines(), 5U);
}

TEST(TextEncoding, WhatIsNotUtf16IsLeftAlone) {
    std::string records;  // a message's words: small numbers with zeros around them
    for (int i = 0; i < 400; ++i) records += std::string(1, static_cast<char>(i % 5)) + std::string(3, '\0');
    for (const std::string& bytes :
         {std::string(), std::string("a"), std::string("ab"), utf8(kLog), std::string(600, '\0'), records,
          "\xef\xbb\xbf" + utf8(kLog), "\xff\xfe" + utf8(kLog), "\xfe\xff" + utf8(kLog),
          std::string(512, '\0') + utf8(kLog), std::string("\x7f\x45LF\2\1\1\0\0\0", 10)}) {
        EXPECT_EQ(encodingOf(bytes), TextEncoding::Utf8);
    }
}

TEST(TextEncoding, PiecesOfAnySizeGiveTheSameText) {
    const std::u32string log = withCarriageReturns(kLog);
    for (std::size_t step = 1; step < 40; ++step) {
        EXPECT_EQ(transcoded(TextEncoding::Utf16Le, utf16(log, true), step), utf8(log));
        EXPECT_EQ(transcoded(TextEncoding::Utf16Be, utf16(log, false), step), utf8(log));
        EXPECT_EQ(transcoded(TextEncoding::Utf32Be, utf32(log, false), step), utf8(log));
    }
}

TEST(TextEncoding, ALineLongerThanWhatIsHeldKeepsItsCharacters) {
    std::u32string log(100'001, U'x');
    for (std::size_t i = 1; i < log.size(); i += 7) log[i] = U'🚀';
    log += U"\nend\n";
    for (const std::size_t step : {1'000U, 65'537U, 1'000'000U}) {
        EXPECT_TRUE(transcoded(TextEncoding::Utf16Le, utf16(log, true), step) == utf8(log));
        EXPECT_TRUE(transcoded(TextEncoding::Utf16Be, utf16(log, false), step) == utf8(log));
    }
}

TEST(TextEncoding, AnOddLengthAndLoneSurrogatesAreMarkedAndNothingElseIsLost) {
    for (const bool isLittle : {true, false}) {
        const auto encoding = isLittle ? TextEncoding::Utf16Le : TextEncoding::Utf16Be;
        std::string bytes;
        for (const std::uint32_t unit : {0xD83DU, 0x61U, 0xDE80U, 0x62U, 0xD83DU}) addUnit(bytes, unit, 2, isLittle);
        EXPECT_EQ(transcoded(encoding, bytes, 3), "\uFFFDa\uFFFDb\uFFFD");
        EXPECT_EQ(transcoded(encoding, utf16(U"ab", isLittle) + "c", 1), "ab\uFFFD");
    }
}

TEST(TextEncoding, ALostByteSpoilsOneLine) {
    for (const bool isLittle : {true, false}) {
        const auto encoding = isLittle ? TextEncoding::Utf16Le : TextEncoding::Utf16Be;
        const std::string first = utf16(U"first line\n", isLittle);
        const std::string rest = utf16(U"second line\nthird line\n", isLittle);
        EXPECT_EQ(transcoded(encoding, first + rest.substr(1), 5), "first line\n\uFFFDecond line\nthird line\n");
        const std::string text = transcoded(encoding, first + rest.substr(0, 9) + rest.substr(10), 5);
        EXPECT_THAT(text, StartsWith("first line\n"));
        EXPECT_THAT(text, HasSubstr("d line\nthird line\n"));
    }
}

// As "echo x >> file" of another shell, and "type a b" of files with a mark each.
TEST(TextEncoding, AppendedAsciiAndMarksInTheMiddleAreRead) {
    for (const bool isLittle : {true, false}) {
        const auto encoding = isLittle ? TextEncoding::Utf16Le : TextEncoding::Utf16Be;
        const std::string bytes = utf16(U"\uFEFFfirst line\r\n", isLittle) + "a line of ASCII\r\nand one more\n"
                                  + utf16(U"\uFEFFlast line\n", isLittle);
        for (std::size_t step = 1; step < 20; ++step) {
            EXPECT_EQ(transcoded(encoding, bytes, step), "first line\r\na line of ASCII\r\nand one more\nlast line\n");
        }
    }
}

TEST(TextEncoding, DamagedUtf16GivesValidUtf8AndAsManyLinesAsItHas) {
    std::mt19937 random(5);
    const std::string log = generator::generate({.events = 300}).log;
    std::string bytes = "\xff\xfe";
    for (const char c : log) addUnit(bytes, (c & 0x80) != 0 ? 0x2713U : static_cast<unsigned char>(c), 2, true);
    for (int round = 0; round < 20; ++round) {
        std::string damaged = bytes;
        for (int i = 0; i < 10; ++i) damaged[2 + random() % (damaged.size() - 2)] = static_cast<char>(random());
        damaged.erase(2 + random() % (damaged.size() - 2), 1 + random() % 3);
        EXPECT_TRUE(isUtf8(transcoded(TextEncoding::Utf16Le, damaged, 4096)));
        const auto trace = test::readLog(damaged);
        EXPECT_GT(trace->events.count(), 250U);
    }
}

}  // namespace
}  // namespace alloclens
