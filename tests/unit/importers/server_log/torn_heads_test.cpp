// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where torn events of a line begin and how far each one's text goes.
#include "importers/server_log/torn_heads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/support/log_fixture.h"

namespace alloclens::server_log {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Texts {
    std::vector<std::string> torn;  ///< of each torn event of the first line, from its head on
    std::vector<TornExtent> extents;
};
Texts textsOf(std::string_view log) {
    const test::TemporaryFile file(log);
    const auto input = Input::open(file.path(), {});
    if (!input) test::stop(input.error().sentence());
    LogWindow window(*input, log.size());
    if (!window.moveTo(0)) test::stop("the log cannot be read");
    Texts texts;
    texts.extents = tornExtents(window);
    for (const TornExtent& extent : texts.extents)
        texts.torn.emplace_back(window.text().substr(extent.head, extent.end - extent.head));
    return texts;
}

TEST(TornHeads, ALineWithoutAHeadHasNone) {
    EXPECT_THAT(textsOf("Starting\n[PID 7] Freed buf").extents, IsEmpty()) << "the next line is not the first";
    EXPECT_THAT(textsOf("\n").extents, IsEmpty());
}

TEST(TornHeads, AWholeEventIsNotTorn) {
    EXPECT_THAT(textsOf("[PID 7] Freed buffer 64 on device 3 (512 bytes, FINAL)\n").extents, IsEmpty());
}

TEST(TornHeads, TheTextGoesOnToTheNextEventsSymbol) {
    EXPECT_THAT(textsOf("x [PID 7] Freed buf\nfer 64\n\u2713 [PID 8] Allocated 4 bytes of L1 on device 0 "
                        "(buffer_id=16)\n")
                    .torn,
                ElementsAre("[PID 7] Freed buf\nfer 64\n"));
}

TEST(TornHeads, WithoutANextEventTheTextGoesToTheEnd) {
    EXPECT_THAT(textsOf("[PID 7] Freed buf\nStarting\n").torn, ElementsAre("[PID 7] Freed buf\nStarting\n"));
    EXPECT_THAT(textsOf("[PID 7] Freed buf").torn, ElementsAre("[PID 7] Freed buf\n"));
}

TEST(TornHeads, AComplaintThatIsTornItselfMayBeAnotherThreads) {
    EXPECT_THAT(textsOf("[PID 7] Freed buffer \u26a0 [PID 8] Deallocation for unknown buffer 4 (allo\n6\n").torn,
                ElementsAre("[PID 7] Freed buffer \u26a0 [PID 8] Deallocation for unknown buffer 4 (allo\n6\n",
                            "[PID 8] Deallocation for unknown buffer 4 (allo\n6\n"));
}

TEST(TornHeads, EventsBeforeItAreCountedAndNotItsText) {
    const std::string whole = "[PID 7] Freed buffer 64 on device 3 (512 bytes, FINAL)";
    const Texts texts = textsOf(whole + whole + "[PID 8] Allocated 51\n");
    ASSERT_THAT(texts.extents, SizeIs(1));
    EXPECT_EQ(texts.extents[0].eventsBefore, 2U);
    EXPECT_EQ(texts.extents[0].from, 2 * whole.size());
    EXPECT_EQ(texts.extents[0].head, 2 * whole.size());
}

TEST(TornHeads, EachHeadOfALineHasItsOwnText) {
    EXPECT_THAT(textsOf("[PID 7] Freed buffer 6[PID 8] Allocated 5\n").torn,
                ElementsAre("[PID 7] Freed buffer 6", "[PID 8] Allocated 5\n"));
}

TEST(TornHeads, OfALineABoundedNumberIsLookedAt) {
    std::string log;
    for (std::size_t i = 0; i < 3 * kMostTornHeads; ++i) log += "[PID 7] Freed buffer 6 ";
    EXPECT_THAT(textsOf(log + "\n").extents, SizeIs(kMostTornHeads));
}

}  // namespace
}  // namespace alloclens::server_log
