// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/source_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fcntl.h>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/query/term.h"
#include "tests/unit/support/log_fixture.h"

namespace alloclens::query {
namespace {

using Hits = std::vector<std::pair<std::uint32_t, std::size_t>>;

/// A source with a mark for every 16 lines.
struct Source {
    explicit Source(std::string_view bytes) : file(bytes) {
        std::vector<SourceText::Mark> marks = {{1, 0}};
        std::uint32_t lines = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            if (bytes[i] == '\n' && ++lines % 16 == 0) marks.push_back({lines + 1, i + 1});
        }
        if (!bytes.empty() && bytes.back() != '\n') ++lines;
        text = std::make_unique<SourceText>(file.path(), FileHandle(::open(file.path().c_str(), O_RDONLY)),
                                            bytes.size(), lines, marks);
    }
    test::TemporaryFile file;
    std::unique_ptr<SourceText> text;
};

Hits scanned(const SourceText& source, const std::vector<std::string>& texts, std::uint64_t stretchBytes) {
    std::vector<Needle> needles(texts.begin(), texts.end());
    const SourceScan scan(source, needles);
    Hits hits;
    for (const SourceStretch& stretch : stretchesOf(source, stretchBytes)) {
        EXPECT_TRUE(
            scan.scan(stretch, [&](std::uint32_t line, std::size_t needle) { hits.emplace_back(line, needle); }));
    }
    std::sort(hits.begin(), hits.end());
    return hits;
}

Hits lineByLine(std::string_view bytes, const std::vector<std::string>& texts) {
    Hits hits;
    std::uint32_t line = 1;
    for (std::size_t begin = 0; begin < bytes.size(); ++line) {
        const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
        std::string text = foldCase(bytes.substr(begin, end - begin));
        if (!text.empty() && text.back() == '\r') text.pop_back();
        text.resize(std::min(text.size(), SourceText::kShownLineBytes));
        for (std::size_t i = 0; i < texts.size(); ++i) {
            if (text.find(foldCase(texts[i])) != std::string::npos) hits.emplace_back(line, i);
        }
        begin = end + 1;
    }
    return hits;
}

TEST(SourceScan, FindsWhatIsFoundLineByLine) {
    std::mt19937 random(3);
    std::string bytes;
    for (int line = 0; line < 3000; ++line) {
        std::size_t length = random() % 40;
        if (line % 700 == 100) length = 20'000;
        if (line % 1000 == 500) length = 600'000;  // longer than what is read at a time
        for (std::size_t i = 0; i < length; ++i) bytes += "aAbBcC.1"[random() % 8];
        if (random() % 9 == 0) bytes += '\r';
        bytes += '\n';
    }
    bytes += "the last line has no end: abc";
    const Source source(bytes);
    const std::vector<std::string> texts = {"aba", "C.1", "bbbb", ".", "no end", "1\r", "never there"};
    const Hits expected = lineByLine(bytes, texts);
    EXPECT_EQ(scanned(*source.text, texts, 1), expected);
    EXPECT_EQ(scanned(*source.text, texts, 5'000), expected);
    EXPECT_EQ(scanned(*source.text, texts, SourceScan::kStretchBytes), expected);
}

TEST(SourceScan, ALineIsFoundOnceHoweverOftenItHasTheText) {
    const Source source("none\nPID pid Pid\nnone\n");
    EXPECT_EQ(scanned(*source.text, {"pid"}, 1), (Hits{{2, 0}}));
}

TEST(SourceScan, ATextBehindWhatIsShownOfALineIsNotFound) {
    const std::string filler(SourceText::kShownLineBytes - 2, '-');
    const Source source(filler + "ab\n" + filler + "-ab\n");
    EXPECT_EQ(scanned(*source.text, {"ab"}, 1), (Hits{{1, 0}}));
}

TEST(SourceScan, AFileThatShrankIsAnError) {
    const Source source(std::string(4000, 'x') + "\n");
    ASSERT_EQ(::truncate(source.file.path().c_str(), 100), 0);
    const SourceScan scan(*source.text, {Needle("x")});
    const auto result = scan.scan(stretchesOf(*source.text, 1).front(), [](std::uint32_t, std::size_t) {});
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().what.find("shorter"), std::string::npos);
}

}  // namespace
}  // namespace alloclens::query
