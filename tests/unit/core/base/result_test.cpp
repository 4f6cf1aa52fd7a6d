// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace alloclens {
namespace {

TEST(Result, HoldsAValueOrAnError) {
    const Result<int> good(7);
    ASSERT_TRUE(good);
    EXPECT_EQ(*good, 7);
    const Result<int> bad(Error{ErrorKind::Format, "is odd", "a.log", "Look again."});
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().kind, ErrorKind::Format);
}

TEST(Result, HoldsWhatCannotBeCopied) {
    Result<std::unique_ptr<int>> good(std::make_unique<int>(7));
    ASSERT_TRUE(good);
    const std::unique_ptr<int> taken = std::move(*good);
    EXPECT_EQ(*taken, 7);
}

TEST(Result, OfNothingIsDoneOrFailed) {
    EXPECT_TRUE(Result<void>());
    EXPECT_FALSE(Result<void>(Error{ErrorKind::Output, "is full", {}, {}}));
}

TEST(Error, SaysWhereWhatAndWhatToDoInOneSentence) {
    EXPECT_EQ((Error{ErrorKind::Input, "does not exist", "a.log", "Check the name."}).sentence(),
              "a.log: does not exist. Check the name.");
    EXPECT_EQ((Error{ErrorKind::Input, "does not exist", {}, {}}).sentence(), "does not exist.");
    EXPECT_EQ((Error{ErrorKind::Input, "ends with a stop.", "a.log", {}}).sentence(), "a.log: ends with a stop.");
}

}  // namespace
}  // namespace alloclens
