// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where temporary copies go, and the room that they leave there.
#include "importers/temporary_room.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

TEST(TemporaryRoom, AFolderThatIsNamedIsTaken) {
    const char* const old = std::getenv("TMPDIR");
    const std::string kept = old != nullptr ? old : "";
    ::setenv("TMPDIR", "/some/folder", 1);
    EXPECT_EQ(temporaryFolder(), "/some/folder");
    ::unsetenv("TMPDIR");
    const std::string usual = temporaryFolder();
    if (old != nullptr) ::setenv("TMPDIR", kept.c_str(), 1);
    EXPECT_TRUE(usual == "/tmp" || usual == "/var/tmp") << usual;
}

TEST(TemporaryRoom, AShareStaysFreeAndNoMoreThanAGibibyte) {
    constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
    EXPECT_EQ(keptFree({0, 10 * kGiB}), kGiB / 2);
    EXPECT_EQ(keptFree({0, 20 * kGiB}), kGiB);
    EXPECT_EQ(keptFree({0, 4'000 * kGiB}), kGiB);
    EXPECT_EQ(keptFree({0, 0}), 0U);
}

TEST(TemporaryRoom, TheSpaceOfAFileIsKnown) {
    const test::TemporaryFile file("x");
    const int descriptor = ::open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
    const auto space = spaceOf(descriptor);
    ::close(descriptor);
    ASSERT_TRUE(space);
    EXPECT_GT(space->total, 0U);
    EXPECT_LE(space->free, space->total);
    EXPECT_FALSE(spaceOf(-1));
}

}  // namespace
}  // namespace alloclens
