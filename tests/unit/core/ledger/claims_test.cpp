// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/claims.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/support/log_fixture.h"

namespace alloclens {
namespace {

std::vector<ClaimVerdict> judged(std::string_view json) {
    const auto claims = parseClaims(json);
    if (!claims) test::stop(claims.error().sentence());
    return judgeClaims(*claims);
}

/// "possible", or the place and reason of the first claim that is not; "nothing" where no relation could be held.
std::string outcome(std::string_view json) {
    const auto verdicts = judged(json);
    if (verdicts.empty()) return "nothing";
    const auto impossible = std::find_if(verdicts.begin(), verdicts.end(),
                                         [](const ClaimVerdict& verdict) { return !verdict.isPossible; });
    return impossible == verdicts.end() ? "possible" : impossible->claim + ": " + impossible->why;
}

std::string errorOf(std::string_view json) {
    const auto claims = parseClaims(json);
    return claims ? "" : claims.error().where + " " + claims.error().what;
}

// What was published of the runs that no log is left of.

TEST(PublishedFigures, ABufferThatIsFreedTwiceIsPlausible) {
    EXPECT_EQ(outcome(R"({"stories": [{"device": 4, "address": 695055872, "events": [
        {"line": 14896, "event": "allocated"}, {"line": 14936, "event": "final"}, {"line": 15261, "event": "refused"}]}]})"),
              "possible");
}

TEST(PublishedFigures, ReuseWithAnotherSizeAndThenADoubleFreeIsConsistent) {
    EXPECT_EQ(outcome(R"({"stories": [{"device": 2, "address": 25718784, "events": [
        {"line": 3945, "event": "allocated", "size": 524288}, {"line": 3973, "event": "final", "size": 524288},
        {"line": 3981, "event": "allocated", "size": 98304}, {"line": 4021, "event": "final", "size": 98304},
        {"line": 5300, "event": "refused"}]}]})"),
              "possible");
}

TEST(PublishedFigures, ASweepProvesThatTheFirstSizeIsKept) {
    const auto with = [](std::string_view sizes) {
        return outcome(R"({"sweeps": [{"buffers": 3, "megabytes": 0.0117188, "sizes": [)" + std::string(sizes)
                       + "]}]}");
    };
    EXPECT_EQ(with("4096, 4096, 4096"), "possible");
    EXPECT_EQ(with("4096, 4096, 2048"), "sweeps[0]: the sizes are 0.00976562 MB, and 0.0117188 MB are claimed");
    EXPECT_EQ(with("4096, 8192"), "sweeps[0]: 2 sizes are given for 3 buffers");
}

TEST(PublishedFigures, OneTraceBufferOnEightDevicesIsConsistent) {
    std::string stories;
    for (int device = 0; device < 8; ++device) {
        const int line = device == 0 ? 157162 : 157329 + device;
        stories += (device == 0 ? "" : ",") + std::string(R"({"device": )") + std::to_string(device)
                   + R"(, "address": 1043741824, "events": [{"event": "allocated", "size": 12503040, "line": )"
                   + std::to_string(line) + "}]}";
    }
    EXPECT_EQ(outcome("{\"stories\": [" + stories + "]}"), "possible");
}

TEST(PublishedFigures, TheDumpOf381BuffersSums) {
    const auto with = [](std::string_view l1) {
        return outcome(R"({"dumps": [{"buffers": 381, "megabytes": 403.84, "memories": [
            {"memory": "DRAM", "buffers": 163, "megabytes": 355.37}, {"memory": "L1", )"
                       + std::string(l1) + "}]}]}");
    };
    EXPECT_EQ(with(R"("buffers": 218, "megabytes": 48.47)"), "possible");
    EXPECT_EQ(with(R"("buffers": 219, "megabytes": 48.47)"),
              "dumps[0]: its memories have 382 buffers, and 381 are claimed");
    EXPECT_EQ(with(R"("buffers": 218, "megabytes": 48.57)"),
              "dumps[0]: its memories have 403.94 MB, and 403.84 MB are claimed");
}

TEST(PublishedFigures, AllocationsByMemorySum) {
    EXPECT_EQ(outcome(R"({"totals": {"allocations": 83416}, "memories": {"DRAM": 49158, "L1": 34250, "TRACE": 8}})"),
              "possible");
    EXPECT_EQ(outcome(R"({"totals": {"allocations": 83417}, "memories": {"DRAM": 49158, "L1": 34250, "TRACE": 8}})"),
              "memories: all memories have 83,416 allocations, and 83,417 are claimed");
}

constexpr std::string_view kSurplus = R"({
    "totals": {"freesRefused": 1045},
    "addressCounts": {"total": 8876, "balanced": 7914, "unreleased": 24, "overFreed": 938},
    "addresses": [
        {"device": 1, "address": 694960736, "freesRefused": 1062},
        {"device": 4, "address": 694960736, "allocations": 1112, "freesAccepted": 1108, "freesRefused": 1025}]})";

TEST(PublishedFigures, ASurplusBeyondTheRefusedFreesIsImpossible) {
    const auto verdicts = judged(kSurplus);
    std::vector<std::string> impossible;
    for (const ClaimVerdict& verdict : verdicts) {
        if (!verdict.isPossible) impossible.push_back(verdict.claim);
    }
    EXPECT_EQ(impossible, (std::vector<std::string>{"addresses[0]", "addresses[1]", "addresses"}));
    EXPECT_EQ(outcome(kSurplus),
              "addresses[0]: 1,062 frees refused here; 937 other over-freed addresses leave at most 108 of 1,045 for "
              "any one");
}

TEST(PublishedFigures, WithoutTheImpossibleAddressesTheRestIsConsistent) {
    EXPECT_EQ(outcome(R"({"totals": {"freesRefused": 1045},
        "addressCounts": {"total": 8876, "balanced": 7914, "unreleased": 24, "overFreed": 938},
        "addresses": [{"device": 1, "address": 694960736, "freesRefused": 108}]})"),
              "possible");
}

// What must hold between figures of any run.

TEST(Claims, FreesReceivedAreAcceptedOrRefused) {
    EXPECT_EQ(outcome(R"({"totals": {"freesReceived": 10, "freesAccepted": 7, "freesRefused": 3}})"), "possible");
    EXPECT_EQ(outcome(R"({"totals": {"freesReceived": 10, "freesAccepted": 7, "freesRefused": 2}})"),
              "totals: 7 accepted + 2 refused = 9 frees, and 10 were received");
}

TEST(Claims, NoTrackerAcceptsMoreFreesThanItSawAllocations) {
    EXPECT_EQ(
        outcome(R"({"addresses": [{"device": 0, "address": 16, "allocations": 2, "freesAccepted": 3}]})"),
        "addresses[0]: 3 frees accepted of 2 allocations: a tracker accepts at most one free for each allocation");
}

TEST(Claims, WhatIsNotFreedIsLiveOrWasRemoved) {
    EXPECT_EQ(outcome(R"({"totals": {"allocations": 10, "freesAccepted": 7, "live": 1, "removed": 2}})"), "possible");
    EXPECT_EQ(outcome(R"({"totals": {"allocations": 10, "freesAccepted": 7, "live": 1}})"), "possible");
    EXPECT_EQ(outcome(R"({"totals": {"allocations": 10, "freesAccepted": 7, "live": 1, "removed": 1}})"),
              "totals: 10 allocations - 7 accepted frees = 3 open or removed, and 2 are claimed");
}

TEST(Claims, AnAddressMayBeUnreleasedAndOverFreedAtOnce) {
    const auto with = [](int total) {
        return outcome(R"({"addressCounts": {"balanced": 5, "unreleased": 2, "overFreed": 3, "total": )"
                       + std::to_string(total) + "}}");
    };
    EXPECT_EQ(with(8), "possible");
    EXPECT_EQ(with(10), "possible");
    EXPECT_EQ(with(7), "addressCounts: the three states make 8 to 10 addresses, and 7 are claimed");
    EXPECT_EQ(with(11), "addressCounts: the three states make 8 to 10 addresses, and 11 are claimed");
}

TEST(Claims, EveryOverFreedAddressNeedsARefusedFree) {
    EXPECT_EQ(outcome(R"({"totals": {"freesRefused": 2}, "addressCounts": {"overFreed": 3}})"),
              "addressCounts: 3 over-freed addresses need at least as many refused frees, and 2 were refused");
}

TEST(Claims, StoriesFollowTheServersRules) {
    const auto with = [](std::string_view events) {
        return outcome(R"({"stories": [{"device": 0, "address": 16, "events": [)" + std::string(events) + "]}]}");
    };
    EXPECT_EQ(with(R"({"line": 1, "event": "allocated"}, {"line": 2, "event": "refused"})"),
              "stories[0]: line 2: a refused free of a live address");
    EXPECT_EQ(with(R"({"line": 1, "event": "final"})"), "stories[0]: line 1: the address is not live");
    EXPECT_EQ(with(R"({"line": 1, "event": "allocated"}, {"line": 2, "event": "allocated", "refCount": 3})"),
              "stories[0]: line 2: a reference count of 3 instead of 2");
    EXPECT_EQ(
        with(R"({"line": 1, "event": "allocated"}, {"line": 2, "event": "allocated"}, {"line": 3, "event": "final"})"),
        "stories[0]: line 3: a final free while 2 allocations are open");
    EXPECT_EQ(with(R"({"line": 1, "event": "allocated", "size": 8}, {"line": 2, "event": "final", "size": 9})"),
              "stories[0]: line 2: a free of 9 bytes of a buffer of 8");
    EXPECT_EQ(with(R"({"line": 2, "event": "allocated"}, {"line": 1, "event": "final"})"),
              "stories[0]: line 1: it does not come after the one before");
    EXPECT_EQ(
        with(R"({"line": 1, "event": "allocated"}, {"line": 2, "event": "swept"}, {"line": 3, "event": "refused"})"),
        "possible");
}

TEST(Claims, NothingIsConcludedFromFiguresThatHaveNothingToDoWithEachOther) {
    EXPECT_EQ(outcome("{}"), "nothing");
    EXPECT_EQ(outcome(R"({"totals": {"allocations": 5}})"), "nothing");
}

TEST(Claims, WhatIsNoClaimIsSaidWithItsPlace) {
    EXPECT_EQ(errorOf("nonsense"), "claims are not valid JSON");
    EXPECT_EQ(errorOf("[]"), "claims is not an object");
    EXPECT_EQ(errorOf(R"({"sum": 1})"), "claims.sum is not a known claim");
    EXPECT_EQ(errorOf(R"({"totals": {"allocations": -1}})"),
              "claims.totals.allocations is not a whole number from 0 to 2^42");
    EXPECT_EQ(errorOf(R"({"totals": {"allocations": 1e300}})"),
              "claims.totals.allocations is not a whole number from 0 to 2^42");
    EXPECT_EQ(errorOf(R"({"addresses": [{"device": 1}]})"), "claims.addresses[0].address is missing");
    EXPECT_EQ(errorOf(R"({"addresses": {}})"), "claims.addresses is not a list");
    EXPECT_EQ(errorOf(R"({"stories": [{"device": 1, "address": 2, "events": [{"line": 1, "event": "x"}]}]})"),
              "claims.stories[0].events[0].event is not one of allocated, partial, final, refused, swept");
    EXPECT_EQ(errorOf(R"({"memories": {"DRAM": "many"}})"),
              "claims.memories.DRAM is not a whole number from 0 to 2^42");
    EXPECT_EQ(errorOf(R"({"sweeps": [{"megabytes": "1"}]})"), "claims.sweeps[0].megabytes is not a number");
}

}  // namespace
}  // namespace alloclens
