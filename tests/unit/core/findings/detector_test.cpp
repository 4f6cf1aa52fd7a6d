// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/findings/detector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "tests/generator/generator.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

std::vector<std::string> ids(const Analysis& analysis) {
    std::vector<std::string> all;
    for (const Finding& finding : analysis.findings.rows) all.push_back(findingId(analysis.replay, finding));
    return all;
}

/// The log with a foreign line before each line whose number divides evenly.
std::string withForeignLines(const std::string& log, int every) {
    std::string mixed;
    int line = 0;
    for (std::size_t begin = 0; begin < log.size();) {
        const std::size_t end = log.find('\n', begin) + 1;
        if (++line % every == 0) mixed += "2026-03-14 09:26:53.512 | info | Device | Compiled program 4\n";
        mixed.append(log, begin, end - begin);
        begin = end;
    }
    return mixed;
}

TEST(Detector, EveryKindHasANameATitleAndAHelp) {
    std::set<std::string_view> names;
    for (const FindingKindInfo& kind : findingKinds()) {
        EXPECT_FALSE(kind.title.empty());
        EXPECT_FALSE(kind.help.empty());
        names.insert(kind.name);
        ASSERT_TRUE(findingKindFromName(kind.name));
        EXPECT_EQ(kindInfo(static_cast<std::uint8_t>(*findingKindFromName(kind.name))).name, kind.name);
    }
    EXPECT_EQ(names.size(), findingKinds().size());
    EXPECT_FALSE(findingKindFromName("doublefree"));
    EXPECT_EQ(findingKinds()[static_cast<std::size_t>(FindingKind::ReplayDivergence)].name, "replay-divergence");
}

TEST(Detector, FindingsComeInTheOrderOfTheirEvents) {
    const auto analysis = test::analyseLog(generator::referenceLog().log);
    const auto& rows = analysis->findings.rows;
    EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end(),
                               [](const Finding& a, const Finding& b) { return a.primary < b.primary; }));
    EXPECT_EQ(std::accumulate(analysis->findings.countOf.begin(), analysis->findings.countOf.end(), std::uint64_t{0}),
              rows.size());
}

TEST(Detector, IdentifiersAreDistinct) {
    for (const auto generation : {generator::Generation::G0, generator::Generation::G1e, generator::Generation::G4}) {
        const auto analysis = test::analyseLog(generator::generate({.generation = generation, .events = 8'000}).log);
        auto all = ids(*analysis);
        std::sort(all.begin(), all.end());
        EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
    }
}

TEST(Detector, IdentifiersSurviveLinesOfOtherPrograms) {
    const std::string log = generator::generate({.seed = 3, .events = 4'000}).log;
    const auto plain = test::analyseLog(log);
    for (const int every : {1, 7}) {
        const auto mixed = test::analyseLog(withForeignLines(log, every));
        ASSERT_GT(mixed->trace->lineCounts.foreign, plain->trace->lineCounts.foreign);
        EXPECT_EQ(ids(*mixed), ids(*plain));
    }
}

TEST(Detector, IdentifiersSurviveEventsAtOtherAddresses) {
    const std::string log = generator::generate({.seed = 3, .events = 2'000}).log;
    const auto plain = ids(*test::analyseLog(log));
    const auto more = ids(*test::analyseLog("[PID 99] Allocated 8 bytes of L1 on device 0 (buffer_id=7)\n"
                                            "[PID 99] Freed buffer 7 on device 0 (8 bytes, FINAL)\n"
                                            + log));
    EXPECT_EQ(more, plain);
}

TEST(Detector, RolesAreEventsOfTheFindingsOwnAddress) {
    const auto analysis = test::analyseLog(generator::generate({.generation = generator::Generation::G1e}).log);
    for (const Finding& finding : analysis->findings.rows) {
        const auto roles = analysis->findings.rolesOf(finding);
        ASSERT_FALSE(roles.empty());
        bool holdsPrimary = false;
        for (const RoleEvent& role : roles) {
            const AddressId address = analysis->trace->events.address[role.event.index()];
            ASSERT_TRUE(address == finding.address || role.role == Role::Swept);
            holdsPrimary = holdsPrimary || role.event == finding.primary;
        }
        ASSERT_TRUE(holdsPrimary);
    }
}

TEST(Detector, WordsOfRolesAndSeveritiesAreStable) {
    EXPECT_EQ(roleName(Role::Allocated), "allocated");
    EXPECT_EQ(roleName(Role::Aliased), "aliased");
    EXPECT_EQ(roleName(Role::Released), "released");
    EXPECT_EQ(roleName(Role::FreedAgain), "freed-again");
    EXPECT_EQ(roleName(Role::Swept), "swept");
    EXPECT_EQ(roleName(Role::Candidate), "candidate");
    EXPECT_EQ(severityName(Severity::Error), "error");
    EXPECT_EQ(severityName(Severity::Warning), "warning");
    EXPECT_EQ(severityName(Severity::Note), "note");
}

}  // namespace
}  // namespace alloclens
