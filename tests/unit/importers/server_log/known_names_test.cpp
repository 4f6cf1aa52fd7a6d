// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which processes and devices a log is about, and which are a few digits that came together.
#include "importers/server_log/known_names.h"

#include <gtest/gtest.h>

#include "tests/unit/support/draft.h"

namespace alloclens::server_log {
namespace {

using test::DraftOfEvents;

KnownNames namesOf(DraftOfEvents& draft) { return {draft.builder, draft.builder.draft()}; }

TEST(KnownNames, OfAnEmptyLogNoneAreKnown) {
    DraftOfEvents empty;
    const KnownNames names = namesOf(empty);
    EXPECT_FALSE(names.hasPid(7));
    EXPECT_FALSE(names.hasDevice(0));
    EXPECT_FALSE(names.hasDevice(kNoDevice));
    EXPECT_FALSE(names.hasStrangers());
}

TEST(KnownNames, OfASmallLogAllAreKnown) {
    const KnownNames names = namesOf(DraftOfEvents().add(1, 7, 3).add(1, 8, 4));
    EXPECT_TRUE(names.hasPid(7) && names.hasPid(8));
    EXPECT_TRUE(names.hasDevice(3) && names.hasDevice(4));
    EXPECT_FALSE(names.hasStrangers());
}

TEST(KnownNames, WhatHardlyOccursIsAStranger) {
    const KnownNames names = namesOf(DraftOfEvents().add(100, 7, 3).add(KnownNames::kFewest - 1, 78, 34));
    EXPECT_TRUE(names.hasPid(7) && names.hasDevice(3));
    EXPECT_FALSE(names.hasPid(78) || names.hasDevice(34));
    EXPECT_TRUE(names.hasStrangers());
    TracePart::Event event;
    event.pid = 7;
    event.key.device = 3;
    EXPECT_TRUE(names.hasBoth(event));
    event.key.device = 34;
    EXPECT_FALSE(names.hasBoth(event));
    event.key.device = 3;
    event.pid = 78;
    EXPECT_FALSE(names.hasBoth(event));
}

TEST(KnownNames, NoDeviceIsNoName) {
    DraftOfEvents draft;
    const KnownNames names = namesOf(draft.add(5, 7, 3).add(5, 7, kNoDevice));
    EXPECT_TRUE(names.hasDevice(3));
    EXPECT_FALSE(names.hasDevice(kNoDevice));
}

TEST(KnownNames, ThreeEventsAreEnoughInALogOfAnySize) {
    const KnownNames names = namesOf(DraftOfEvents().add(1000, 7, 3).add(KnownNames::kFewest, 8, 4));
    EXPECT_TRUE(names.hasPid(8) && names.hasDevice(4));
    EXPECT_FALSE(names.hasStrangers());
}

TEST(KnownNames, OneInTwentyIsEnoughInASmallLog) {
    EXPECT_TRUE(namesOf(DraftOfEvents().add(KnownNames::kOneIn - 1, 7, 3).add(1, 8, 4)).hasPid(8));
    EXPECT_FALSE(namesOf(DraftOfEvents().add(KnownNames::kOneIn, 7, 3).add(1, 8, 4)).hasPid(8));
}

}  // namespace
}  // namespace alloclens::server_log
