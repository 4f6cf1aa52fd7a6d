// SPDX-License-Identifier: GPL-3.0-or-later
//
// The conservation law: frees received = frees accepted + frees refused, per key and in total, and a surplus is found
// exactly where the tracker refused it. What was received is counted here from the text alone, by other means than
// the importer's.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <string>

#include "tests/generator/generator.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using generator::Generation;

struct Received {
    std::uint32_t allocations = 0;
    std::uint32_t frees = 0;
    std::uint32_t warnings = 0;
    std::int32_t balance = 0;
    std::int32_t lowest = 0;
};

std::map<AddressKey, Received> countText(const std::string& log) {
    static const std::regex kEvent(
        R"(\[PID -?\d+\] (?:(Allocated) .* on device (\d+) \(buffer_id=(0x[0-9a-f]+|\d+))"
        R"(|(?:Freed|Deallocation for (unknown|ALREADY FREED)) buffer (0x[0-9a-f]+|\d+) on device (\d+)))");
    std::map<AddressKey, Received> counts;
    for (std::size_t begin = 0; begin < log.size();) {
        const std::size_t end = log.find('\n', begin);
        std::cmatch match;
        if (std::regex_search(log.data() + begin, log.data() + end, match, kEvent)) {
            const bool isAllocation = match[1].matched;
            const int device = std::stoi(match[isAllocation ? 2 : 6]);
            Received& key = counts[{device, std::stoull(match[isAllocation ? 3 : 5], nullptr, 0)}];
            key.allocations += isAllocation ? 1 : 0;
            key.frees += isAllocation ? 0 : 1;
            key.warnings += match[4].matched ? 1 : 0;
            key.balance += isAllocation ? 1 : -1;
            key.lowest = std::min(key.lowest, key.balance);
        }
        begin = end + 1;
    }
    return counts;
}

bool isRefusal(FindingKind kind) {
    return kind == FindingKind::DoubleFree || kind == FindingKind::UnknownFree || kind == FindingKind::FreeAfterSweep;
}

class Conservation : public ::testing::TestWithParam<Generation> {};

TEST_P(Conservation, FreesReceivedAreThoseAcceptedAndThoseRefused) {
    for (const std::uint64_t seed : {3U, 4U, 5U}) {
        generator::Recipe recipe;
        recipe.generation = GetParam();
        recipe.seed = seed;
        recipe.events = 2'500;
        recipe.deaths = 2;
        recipe.doubleFreeShare = 0.05;
        recipe.aliasShare = 0.05;
        recipe.foreignLines = true;
        const generator::Generated generated = generator::generate(recipe);
        const auto received = countText(generated.log);
        const auto analysis = test::analyseLog(generated.log);
        const Replay& replay = analysis->replay;
        ASSERT_EQ(replay.addresses.size(), received.size());

        std::vector<std::uint32_t> refusalsFound(replay.addresses.size(), 0);
        for (const Finding& finding : analysis->findings.rows) {
            if (!isRefusal(static_cast<FindingKind>(finding.kind))) continue;
            ++refusalsFound[finding.address.index()];
            ASSERT_EQ(analysis->trace->events.kind[finding.primary.index()], EventKind::RefusedFree);
        }
        std::uint64_t frees = 0;
        std::uint64_t warnings = 0;
        for (const auto& [key, counts] : received) {
            const AddressId id = test::keyOf(*analysis, key.device, key.address);
            const AddressSummary& address = replay.address(id);
            ASSERT_EQ(address.allocations, counts.allocations) << key.device << ":" << key.address;
            ASSERT_EQ(address.acceptedFrees + address.refusedFrees, counts.frees);
            ASSERT_EQ(address.refusedFrees, counts.warnings);
            ASSERT_EQ(address.finalBalance, counts.balance);
            ASSERT_EQ(address.lowestBalance, counts.lowest);
            ASSERT_EQ(refusalsFound[id.index()], counts.warnings) << "a surplus is where the tracker refused it";
            frees += counts.frees;
            warnings += counts.warnings;
        }
        const EventTotals& totals = replay.totals;
        EXPECT_EQ(totals.partialFrees + totals.finalFrees + totals.unknownFrees, frees);
        EXPECT_EQ(totals.unknownFrees, warnings);
    }
}

TEST_P(Conservation, SumsOfAddressesDevicesAndLifetimesAgreeWithTheTotals) {
    generator::Recipe recipe;
    recipe.generation = GetParam();
    recipe.seed = 9;
    recipe.events = 2'500;
    recipe.deaths = 2;
    const auto analysis = test::analyseLog(generator::generate(recipe).log);
    const Replay& replay = analysis->replay;
    EventTotals sums;
    for (const AddressSummary& address : replay.addresses) {
        sums.allocations += address.allocations;
        sums.finalFrees += address.acceptedFrees;
        sums.unknownFrees += address.refusedFrees;
    }
    EXPECT_EQ(sums.allocations, replay.totals.allocations);
    EXPECT_EQ(sums.finalFrees, replay.totals.partialFrees + replay.totals.finalFrees);
    EXPECT_EQ(sums.unknownFrees, replay.totals.unknownFrees);
    DeviceSummary device;
    for (const DeviceSummary& one : replay.devices) {
        device.addresses += one.addresses;
        device.allocations += one.allocations;
        device.frees += one.frees;
        device.unknownFrees += one.unknownFrees;
    }
    EXPECT_EQ(device.addresses, replay.addresses.size());
    EXPECT_EQ(device.allocations, sums.allocations);
    EXPECT_EQ(device.frees, sums.finalFrees);
    EXPECT_EQ(device.unknownFrees, sums.unknownFrees);

    std::map<LifetimeEnd, std::uint64_t> ends;
    for (const Lifetime& lifetime : test::allLifetimes(replay)) ++ends[lifetime.end];
    EXPECT_EQ(ends[LifetimeEnd::Freed], replay.totals.finalFrees);
    EXPECT_EQ(ends[LifetimeEnd::Swept], replay.totals.swept);
    EXPECT_EQ(ends[LifetimeEnd::Open], analysis->findings.countOf[static_cast<std::size_t>(FindingKind::Leak)]);
    EXPECT_EQ(replay.lifetimes.size(), replay.totals.allocations - replay.totals.aliasedAllocations);
}

TEST_P(Conservation, LifetimesOfAKeyFollowEachOtherAndCoverItsEvents) {
    generator::Recipe recipe;
    recipe.generation = GetParam();
    recipe.seed = 10;
    recipe.events = 2'500;
    const auto analysis = test::analyseLog(generator::generate(recipe).log);
    const Replay& replay = analysis->replay;
    for (std::size_t key = 0; key < replay.addresses.size(); ++key) {
        std::uint32_t generation = 0;
        EventId behind(0U);
        for (const Lifetime& lifetime : replay.lifetimesOf(AddressId(key))) {
            ASSERT_EQ(lifetime.address, AddressId(key));
            ASSERT_EQ(lifetime.generation, ++generation);
            ASSERT_GE(lifetime.first, behind);
            ASSERT_GT(lifetime.last, lifetime.first) << "none is larger than any";
            behind = lifetime.last;
        }
        std::string letters;
        EventId previous;
        for (const EventId event : replay.eventsOf(AddressId(key))) {
            ASSERT_TRUE(!previous.isValid() || event > previous);
            previous = event;
            letters += static_cast<char>(replay.letters[event.index()]);
        }
        ASSERT_EQ(letters, replay.lifecycle(AddressId(key)));
        static const std::regex kGrammar("U*(A[af]*[FR]U*)*(A[af]*)?");
        ASSERT_TRUE(std::regex_match(letters, kGrammar)) << letters;
    }
}

std::string nameOf(const ::testing::TestParamInfo<Generation>& info) {
    return std::string(generator::traitsOf(info.param).name);
}

INSTANTIATE_TEST_SUITE_P(Generations, Conservation,
                         ::testing::Values(Generation::G0, Generation::G1, Generation::G1e, Generation::G2,
                                           Generation::G3, Generation::G4, Generation::G5),
                         nameOf);

}  // namespace
}  // namespace alloclens
