// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/several_servers.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/generator/generator.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

/// The lines of both logs, each in its order, as they come from two hosts.
std::string mixed(const std::string& a, const std::string& b, unsigned seed) {
    std::mt19937 random(seed);
    std::string log;
    std::size_t atA = 0;
    std::size_t atB = 0;
    while (atA < a.size() || atB < b.size()) {
        const bool isOfA = atB == b.size() || (atA < a.size() && random() % 2 == 0);
        const std::string& from = isOfA ? a : b;
        std::size_t& at = isOfA ? atA : atB;
        const std::size_t end = from.find('\n', at) + 1;
        log += from.substr(at, end - at);
        at = end;
    }
    return log;
}

std::string generated(std::uint64_t seed, int firstProcess) {
    generator::Recipe recipe;
    recipe.seed = seed;
    recipe.events = 600;
    recipe.devices = 4;
    recipe.firstProcessId = firstProcess;
    recipe.statisticsEvery = 100;
    return generator::generate(recipe).log;
}

std::string withoutHead(const std::string& log) {
    return log.substr(log.find("[PID ", log.find("Allocation Server started")) - 4);
}

std::uint64_t severalIn(const std::string& log) {
    return test::analyseLog(log)->findings.ledger.doubts.count(DiagnosticCode::SeveralServers);
}

TEST(SeveralServers, AreToldApartFromOneThatIsStartedAgain) {
    for (unsigned seed = 1; seed <= 4; ++seed) {
        const std::string a = generated(seed, 20'117);
        const std::string b = generated(seed + 20, 27'117);
        EXPECT_EQ(severalIn(mixed(a, b, seed)), 1U) << seed;
        EXPECT_EQ(severalIn(mixed(a, generated(seed, 27'117), seed)), 1U) << "the same program on both: " << seed;
        EXPECT_EQ(severalIn(a), 0U) << seed;
        EXPECT_EQ(severalIn(a + b), 0U) << "one after the other: " << seed;
    }
}

TEST(SeveralServers, AreSeenWhereBothRanBeforeTheLogBegins) {
    const std::string a = withoutHead(generated(1, 20'117));
    const std::string b = withoutHead(generated(1, 27'117));
    EXPECT_EQ(severalIn(mixed(a, b, 7)), 1U);
}

TEST(SeveralServers, ServerThatWasKilledAndStartedAgainIsOne) {
    const std::string started = "🚀 Allocation Server started\n";
    const std::string allocated = "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n";
    const std::string refused = "[PID 1] Deallocation for unknown buffer 16 on device 0 (allocated before tracking "
                                "started)\n";
    EXPECT_EQ(severalIn(started + allocated + started + refused + allocated), 0U);
}

// Which process of which server an entry belongs to is not known, so no process is called a stranger to it.
TEST(SeveralServers, NoProcessOfAnotherServerIsNamedAsOwner) {
    const auto analysis = test::analyseLog(mixed(generated(1, 20'117), generated(1, 27'117), 3));
    const Findings& findings = analysis->findings;
    ASSERT_GT(findings.verdicts.rows.size(), 0U);
    for (const Evidence& evidence : findings.verdicts.evidence) EXPECT_NE(evidence.clue, Clue::SentByOther);
    for (const Verdict& verdict : findings.verdicts.rows) EXPECT_LE(verdict.confidence, kLimitedConfidence);
}

}  // namespace
}  // namespace alloclens
