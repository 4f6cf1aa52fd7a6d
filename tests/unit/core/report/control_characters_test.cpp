// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a log holds never reaches a terminal or a page as a control character; JSON alone keeps it, escaped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include "core/base/utf8.h"
#include "core/report/comparison.h"
#include "tests/unit/support/report_text.h"

namespace alloclens {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A title for the terminal, its clipboard, C1, a bidi override, a byte that is no UTF-8.
constexpr std::string_view kEvil = "\x1b]0;pwned\x07\x1b]52;c;ZXZpbA==\x07\xc2\x9b\x32J\xe2\x80\xae\xff<b>";

std::shared_ptr<const Analysis> evilAnalysis() {
    const std::string evil(kEvil);
    return test::analyseLog("[PID 7] Allocated 512 bytes of L1 on device 4 (buffer_id=4096)\n"
                            "[PID 7] Freed buffer 4096 on device 4 (512 bytes, FINAL)"
                            + evil
                            + "\n"
                              "[PID 8] Deallocation for unknown buffer 4096 on device 4 (allocated before tracking "
                              "started) "
                            + evil + "\n" + evil + "\n[PID 7] Allo" + evil + "\n");
}

bool isShown(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || c == '\n' || c == '\t' || c == '\r';
}

TEST(ControlCharacters, ReachNoReport) {
    const auto analysis = evilAnalysis();
    for (const Report& report : reports()) {
        const std::string text = test::reportText(report.subject, report.format, *analysis);
        EXPECT_TRUE(isUtf8(text)) << report.subject << ' ' << report.format;
        EXPECT_TRUE(std::all_of(text.begin(), text.end(), isShown)) << report.subject << ' ' << report.format << text;
        EXPECT_THAT(text, Not(HasSubstr("\xc2\x9b")));
        EXPECT_THAT(text, Not(HasSubstr("\xe2\x80\xae"))) << report.subject << ' ' << report.format;
    }
}

TEST(ControlCharacters, AreVisibleInFindings) {
    const auto analysis = evilAnalysis();
    for (const char* format : {"text", "markdown", "html"}) {
        const std::string text = test::reportText("findings", format, *analysis);
        EXPECT_THAT(text, HasSubstr("\\x1b]0;pwned\\x07")) << format;
        EXPECT_THAT(text, HasSubstr("\\u202e")) << format;
    }
}

TEST(ControlCharacters, ReachNoHistory) {
    const auto analysis = evilAnalysis();
    ReportInput input;
    input.analysis = analysis.get();
    for (const char* format : {"text", "json"}) {
        std::ostringstream out;
        ASSERT_TRUE(writeHistory(input, AddressId(std::size_t{0}), format, out));
        const std::string text = out.str();
        EXPECT_TRUE(std::all_of(text.begin(), text.end(), isShown)) << text;
        EXPECT_TRUE(isUtf8(text));
    }
}

TEST(ControlCharacters, OfNamesReachNoComparison) {
    const std::string name = ::testing::TempDir() + "alloclens-\x1b[2J-`x`.log";
    {
        std::ofstream file(name);
        file << "[PID 1] Allocated 512 bytes of L1 on device 0 (buffer_id=16)\n";
    }
    const auto analysis = test::analyseFile(name);
    ::unlink(name.c_str());
    const auto comparison = compareRuns(*analysis, *analysis, {});
    ASSERT_TRUE(comparison);
    ComparisonInput input;
    input.comparison = &*comparison;
    input.before = input.after = analysis.get();
    for (const char* format : {"text", "json", "markdown", "html"}) {
        std::ostringstream out;
        findComparisonWriter(format)(input, out);
        EXPECT_THAT(out.str(), Not(HasSubstr("\x1b"))) << format;
    }
}

}  // namespace
}  // namespace alloclens
