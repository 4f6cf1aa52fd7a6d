// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/log_end.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

const std::string kStarted = "🚀 Allocation Server started\n";
const std::string kStopped = "🛑 Allocation Server stopped\n";
const std::string kAllocated = "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n";

bool ends(const std::string& log) { return hasOwnEnd(*test::readLog(log)); }

TEST(LogEnd, IsWhereTheServerSaysThatItStopped) {
    EXPECT_TRUE(ends(kStarted + kAllocated + kStopped));
    EXPECT_TRUE(ends(kStarted + kAllocated + kStopped + kStopped)) << "signal handler and destructor both say it";
    EXPECT_FALSE(ends(kStarted + kAllocated));
    EXPECT_FALSE(ends(kAllocated)) << "an excerpt";
}

TEST(LogEnd, MayBeFollowedByTheLastMessagesOfEachClient) {
    EXPECT_TRUE(ends(kStarted + kStopped + kAllocated));
    std::string many;
    for (int i = 1; i < 100; ++i)
        many += "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=" + std::to_string(16 * i) + ")\n";
    EXPECT_FALSE(ends(kStarted + kStopped + many));
}

TEST(LogEnd, IsThatOfTheServerThatStartedLast) {
    EXPECT_FALSE(ends(kStarted + kStopped + kStarted + kAllocated));
    EXPECT_TRUE(ends(kStarted + kAllocated + kStarted + kAllocated + kStopped));
}

}  // namespace
}  // namespace alloclens
