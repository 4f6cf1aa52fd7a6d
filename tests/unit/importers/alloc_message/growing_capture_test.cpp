// SPDX-License-Identifier: GPL-3.0-or-later
//
// A capture that is read while it is written gives in the end the trace of the whole file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "importers/follower.h"
#include "tests/unit/support/message_stream.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using test::allocation;
using test::packed;
using test::release;

std::string workload(std::size_t recordSize, int messages) {
    std::string bytes;
    for (int i = 0; i < messages; ++i) {
        const auto address = 4096 + std::uint64_t{64} * static_cast<unsigned>(i / 2);
        bytes += packed(i % 2 == 0 ? allocation(i % 3, address, 2048, 7) : release(i % 3, address, 7), recordSize);
    }
    return bytes;
}

class GrowingCapture : public ::testing::TestWithParam<std::size_t> {
protected:
    void write(std::string_view bytes, std::ios::openmode mode = std::ios::app) const {
        std::ofstream(m_file.path(), mode | std::ios::binary) << bytes;
    }
    static Follower::Step advance(Follower& follower) {
        const auto step = follower.advance({});
        if (!step) test::stop(step.error().sentence());
        return *step;
    }
    static std::string textOf(const Follower& follower, bool isEnd) {
        const auto trace = follower.trace(isEnd);
        if (!trace) test::stop(trace.error().sentence());
        return test::traceText(**trace);
    }

    test::TemporaryFile m_file{""};
};
INSTANTIATE_TEST_SUITE_P(EveryRecordSize, GrowingCapture, ::testing::ValuesIn(alloc_message::kRecordSizes));

TEST_P(GrowingCapture, GivesInTheEndTheTraceOfTheWhole) {
    std::mt19937 random(3);
    std::string bytes = workload(GetParam(), 400);
    bytes.insert(GetParam() * 100, "garbage");
    bytes.resize(bytes.size() - 10);  // ends within a record
    auto follower = Follower::open(m_file.path(), {}, {}, {});
    ASSERT_TRUE(follower);
    std::size_t events = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = std::min<std::size_t>(bytes.size() - at, 1 + random() % 3000);
        write(std::string_view(bytes).substr(at, length));
        at += length;
        while (advance(*follower) == Follower::Step::Grown) continue;
        ASSERT_GE(follower->events(), events);
        events = follower->events();
        ASSERT_TRUE(events == 0 || follower->trace(false));
    }
    EXPECT_GT(events, 300U) << "but for the last ones, they are there at once";
    EXPECT_EQ(textOf(*follower, true), test::traceText(*test::readLog(bytes)));
}

TEST_P(GrowingCapture, TruncationBeginsAnew) {
    write(workload(GetParam(), 300));
    auto follower = Follower::open(m_file.path(), {}, {}, {});
    ASSERT_TRUE(follower);
    while (advance(*follower) == Follower::Step::Grown) continue;
    const std::string shorter = workload(GetParam(), 80);
    write(shorter, std::ios::trunc);
    EXPECT_EQ(advance(*follower), Follower::Step::Truncated);
    EXPECT_EQ(advance(*follower), Follower::Step::Grown);
    EXPECT_EQ(textOf(*follower, true), test::traceText(*test::readLog(shorter)));
}

}  // namespace
}  // namespace alloclens
