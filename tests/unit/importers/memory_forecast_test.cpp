// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/memory_forecast.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace alloclens {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kMB = 1'000'000;
constexpr std::uint32_t kEvents = 100'000;

enum class Sort { Plain, Refused, NewKeys, Aliased };

/// Appends kEvents events of a sort.
void append(TraceBuilder& builder, Sort sort) {
    TracePart part;
    part.lines = kEvents;
    for (std::uint32_t i = 0; i < kEvents; ++i) {
        TracePart::Event event;
        event.kind = sort == Sort::Refused               ? EventKind::RefusedFree
                     : sort == Sort::Plain && i % 2 == 1 ? EventKind::FinalFree
                                                         : EventKind::Allocation;
        event.key = {0, sort == Sort::NewKeys ? std::uint64_t{builder.lines()} + i : 4096};
        event.refCount = sort == Sort::Aliased ? i + 2 : 0;
        event.line = i + 1;
        part.add(event);
    }
    ASSERT_TRUE(builder.append(std::move(part)));
}

/// What a forecast of that much memory says of a source of one sort.
Result<void> forecastOf(Sort sort, std::uint64_t memory) {
    TraceBuilder builder;
    append(builder, sort);
    return MemoryForecast(memory).check(builder, 1, "a.log");
}

TEST(MemoryForecast, ReckonsByWhatTheEventsAre) {
    EXPECT_TRUE(forecastOf(Sort::Plain, 5 * kMB));
    for (const Sort sort : {Sort::Refused, Sort::NewKeys, Sort::Aliased}) {
        EXPECT_FALSE(forecastOf(sort, 15 * kMB)) << static_cast<int>(sort);
        EXPECT_TRUE(forecastOf(sort, 40 * kMB)) << static_cast<int>(sort);
    }
    const auto refused = forecastOf(Sort::Refused, 5 * kMB);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().where, "a.log");
    EXPECT_THAT(refused.error().sentence(),
                HasSubstr("has so many events, about 100,000, that it needs about 25.7 MiB"));
    EXPECT_THAT(refused.error().sentence(), HasSubstr("of memory; 4.8 MiB are free"));
}

TEST(MemoryForecast, WhatComesIsLikeWhatCameLast) {
    for (const Sort later : {Sort::Plain, Sort::NewKeys}) {
        TraceBuilder builder;
        MemoryForecast forecast(100 * kMB);
        append(builder, Sort::NewKeys);
        EXPECT_TRUE(forecast.check(builder, 0.1, {})) << "a beginning may be unusual";
        append(builder, later);
        EXPECT_EQ(bool(forecast.check(builder, 0.2, {})), later == Sort::Plain);
    }
}

TEST(MemoryForecast, IsOfTheEventsThatHeadersTellOfBeforeAnyIsRead) {
    EXPECT_TRUE(MemoryForecast(50 * kMB).checkEvents(1'000'000, {}));
    EXPECT_FALSE(MemoryForecast(30 * kMB).checkEvents(1'000'000, {}));
}

TEST(MemoryForecast, CountsFromTheStartWhereASourceIsReadAnew) {
    TraceBuilder builder;
    MemoryForecast forecast(15 * kMB);
    append(builder, Sort::Plain);
    append(builder, Sort::Plain);
    EXPECT_TRUE(forecast.check(builder, 1, {}));
    TraceBuilder anew;
    append(anew, Sort::Refused);
    EXPECT_FALSE(forecast.check(anew, 1, {}));
}

}  // namespace
}  // namespace alloclens
