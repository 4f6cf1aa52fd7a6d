// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/line_order.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "core/wording/trust_notes.h"
#include "tests/generator/generator.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using Lines = std::vector<std::string>;

Lines generated(int seed, std::uint64_t events = 400) {
    generator::Recipe recipe;
    recipe.seed = static_cast<std::uint64_t>(seed);
    recipe.events = events;
    recipe.rejectedShare = 0;
    const std::string log = generator::generate(recipe).log;
    Lines lines;
    for (std::size_t at = 0; at < log.size();) {
        const std::size_t end = log.find('\n', at);
        lines.push_back(log.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

std::string joined(const Lines& lines) {
    std::string log;
    for (const std::string& line : lines) log += line + '\n';
    return log;
}

using Stamp = std::function<std::string(int milliseconds)>;
const std::vector<std::pair<std::string, Stamp>> kForms = {
    {"none", [](int) { return std::string(); }},
    {"ISO 8601", [](int ms) { return fmt::format("2026-02-26T23:59:{:02}.{:03}Z ", 10 + ms / 1000, ms % 1000); }},
    {"journal",
     [](int ms) { return fmt::format("Feb 26 21:56:{:02}.{:03} node7 alloc[4711]: ", 10 + ms / 1000, ms % 1000); }},
    {"epoch", [](int ms) { return fmt::format("{}.{:03} ", 1772142970 + ms / 1000, ms % 1000); }},
    {"time of day, over midnight",
     [](int ms) {
         const int of = ms + 86'398'000;
         return fmt::format("[{:02}:{:02}:{:02}.{:03}] ", of / 3'600'000 % 24, of / 60'000 % 60, of / 1000 % 60,
                            of % 1000);
     }},
};

Lines stamped(Lines lines, const Stamp& stamp) {
    for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = stamp(static_cast<int>(i) * 7) + lines[i];
    return lines;
}

std::vector<DiagnosticCode> codesOf(const Lines& lines) {
    std::vector<DiagnosticCode> codes;
    const auto analysis = test::analyseLog(joined(lines));
    for (const Diagnostic& doubt : analysis->findings.ledger.doubts.kept()) codes.push_back(doubt.code);
    return codes;
}

TEST(LineStamp, IsReadInEveryFormThatCollectorsWrite) {
    const std::string event = "✓ [PID 7] Allocated 8 bytes of L1 on device 0 (buffer_id=16)";
    const auto after = [&event](std::string_view a, std::string_view b) {
        const auto x = lineStamp(std::string(a) + event);
        const auto y = lineStamp(std::string(b) + event);
        return x && y ? (*y - *x) / 1'000'000 : -1;
    };
    EXPECT_EQ(after("2026-02-26T21:56:10.100Z ", "2026-02-26T21:56:11.350Z "), 1250);
    EXPECT_EQ(after("2026-02-28 23:59:59 ", "2026-03-01 00:00:00 "), 1000);
    EXPECT_EQ(after("Feb  9 21:56:10 node7 alloc[1]: ", "Feb 10 21:56:10 node7 alloc[1]: "), 86'400'000);
    EXPECT_EQ(after("1772142970.5 ", "1772142971.75 "), 1250);
    EXPECT_EQ(after("[1772142970500] ", "[1772142971750] "), 1250);
    EXPECT_EQ(after("[host-u02] [21:56:10] ", "[host-u02] [21:56:12] "), 2000);
    EXPECT_FALSE(lineStamp(event));
    EXPECT_FALSE(lineStamp("[1,0]<stdout>: " + event));
    EXPECT_FALSE(lineStamp("695055872: " + event)) << "an address";
}

TEST(LineOrder, OfAnOrdinaryLogIsNotDoubted) {
    for (const auto& [name, stamp] : kForms) {
        for (int seed = 1; seed <= 3; ++seed)
            EXPECT_EQ(codesOf(stamped(generated(seed), stamp)), std::vector<DiagnosticCode>()) << name << ' ' << seed;
    }
}

TEST(LineOrder, NewestFirstIsSaidWhateverTheStamps) {
    for (const auto& [name, stamp] : kForms) {
        Lines lines = stamped(generated(1), stamp);
        std::reverse(lines.begin(), lines.end());
        EXPECT_EQ(codesOf(lines), std::vector{DiagnosticCode::NewestFirst}) << name;
    }
}

TEST(LineOrder, PartsInTheWrongOrderAreSaidWhateverTheStamps) {
    for (const auto& [name, stamp] : kForms) {
        Lines lines = stamped(generated(2), stamp);
        std::rotate(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(lines.size() / 2), lines.end());
        EXPECT_EQ(codesOf(lines), std::vector{DiagnosticCode::PartsOutOfOrder}) << name;
    }
}

TEST(LineOrder, AStretchThatIsThereTwiceIsSaidWhateverTheStamps) {
    for (const auto& [name, stamp] : kForms) {
        Lines lines = stamped(generated(3), stamp);
        const Lines stretch(lines.begin() + 200, lines.begin() + 300);
        lines.insert(lines.begin() + 300, stretch.begin(), stretch.end());
        EXPECT_EQ(codesOf(lines), std::vector{DiagnosticCode::RepeatedStretch}) << name;
    }
}

TEST(LineOrder, AWholeLogThatIsThereTwiceIsSaid) {
    Lines lines = generated(4);
    const Lines once = lines;
    lines.insert(lines.end(), once.begin(), once.end());
    EXPECT_EQ(codesOf(lines), std::vector{DiagnosticCode::RepeatedStretch});
}

TEST(LineOrder, ThatIsWrongBoundsGradeAndConfidenceAndSaysWhatToDo) {
    Lines lines = stamped(generated(1), kForms[1].second);
    std::reverse(lines.begin(), lines.end());
    const auto analysis = test::analyseLog(joined(lines));
    const Ledger& ledger = analysis->findings.ledger;
    EXPECT_GE(ledger.grade, LedgerGrade::Gaps);
    EXPECT_TRUE(ledger.trust.isTooDamaged);
    for (const Verdict& verdict : analysis->findings.verdicts.rows) EXPECT_LE(verdict.confidence, kLimitedConfidence);
    std::string notes;
    for (const std::string& note : trustNotes(*analysis)) notes += note;
    EXPECT_NE(notes.find("tac FILE"), std::string::npos) << notes;
}

// Lines overtake each other by a few on their way through a collector.
TEST(LineOrder, LinesThatOvertakeAFewOthersAreNotParts) {
    Lines lines = stamped(generated(5), kForms[1].second);
    for (std::size_t i = 100; i < 104; ++i)
        lines[i] = kForms[1].second(static_cast<int>(i - 90) * 7) + lines[i].substr(25);
    EXPECT_EQ(codesOf(lines), std::vector<DiagnosticCode>());
}

// A loop that does the same each time is no repetition of the log, even where a line is lost.
TEST(LineOrder, WorkThatAProgramRepeatsIsNotAStretchThatIsThereTwice) {
    Lines lines;
    for (int round = 0; round < 20; ++round) {
        for (int i = 1; i <= 10; ++i)
            lines.push_back(fmt::format("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id={})", i * 16));
        for (int i = 1; i <= 10; ++i)
            lines.push_back(fmt::format("[PID 1] Freed buffer {} on device 0 (8 bytes, FINAL)", i * 16));
    }
    lines.erase(lines.begin() + 113);
    EXPECT_EQ(codesOf(lines), std::vector<DiagnosticCode>());
}

}  // namespace
}  // namespace alloclens
