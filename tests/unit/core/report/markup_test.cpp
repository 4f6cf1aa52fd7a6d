// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/markup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace alloclens {
namespace {

TEST(Markup, TextForMarkdownHasNoMeaningAndOneLine) {
    EXPECT_EQ(markdownText("plain, 4,096 B..8,192 B (DRAM)"), "plain, 4,096 B..8,192 B (DRAM)");
    EXPECT_EQ(markdownText("a|b *c* _d_ `e` [f] <g> #h \\ ~ &amp; {i}"),
              "a\\|b \\*c\\* \\_d\\_ \\`e\\` \\[f\\] \\<g\\> \\#h \\\\ \\~ \\&amp; \\{i\\}");
    EXPECT_EQ(markdownText("two\nlines\r\tmore"), "two lines  more");
}

TEST(Markup, CodeForMarkdownIsFencedAsItNeeds) {
    EXPECT_EQ(markdownCode("free(*p)"), "`free(*p)`");
    EXPECT_EQ(markdownCode("a | b"), "`a \\| b`");
    EXPECT_EQ(markdownCode("a `b` c"), "`` a `b` c ``");
    EXPECT_EQ(markdownCode("``` x"), "```` ``` x ````");
    EXPECT_EQ(markdownCode("a\nb"), "`a b`");
}

TEST(Markup, TextForHtmlCannotBecomeAnElement) {
    EXPECT_EQ(htmlText("<b onload='x'>&\"</b>"), "&lt;b onload=&#39;x&#39;&gt;&amp;&quot;&lt;/b&gt;");
    EXPECT_EQ(htmlText("⚠ größer"), "⚠ größer");
    EXPECT_EQ(htmlText("\xff"), "\xef\xbf\xbd");
}

TEST(Markup, APageHasItsStyleInIt) {
    std::ostringstream out;
    writePageHead("a < b", out);
    writePageEnd(out);
    EXPECT_THAT(out.str(), ::testing::StartsWith("<!DOCTYPE html>"));
    EXPECT_THAT(out.str(), ::testing::HasSubstr("<title>a &lt; b</title>"));
    EXPECT_THAT(out.str(), ::testing::Not(::testing::ContainsRegex("(src|href)=\"http")));
    EXPECT_THAT(out.str(), ::testing::EndsWith("</html>\n"));
}

}  // namespace
}  // namespace alloclens
