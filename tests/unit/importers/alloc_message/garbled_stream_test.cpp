// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random streams of every record size, whole and damaged at random places: no record whose bytes are intact is lost,
// and next to none is made up.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "importers/alloc_message/framer.h"
#include "tests/unit/support/message_damage.h"
#include "tests/unit/support/message_stream.h"

namespace alloclens::alloc_message {
namespace {

using test::Damage;

struct Stream {
    std::string bytes;
    std::set<std::uint64_t> intact;  ///< where they begin
    std::set<std::uint64_t> hurt;    ///< where what is left of damaged records begins
};

/// Damages 5 % of the records: at a random place, over a random length.
class DamagedStream {
public:
    DamagedStream(unsigned seed, Damage damage) : m_messages(seed), m_damage(damage) {}

    Stream make(std::size_t recordSize, std::size_t records) {
        Stream stream;
        std::string previous;
        for (std::size_t i = 0; i < records; ++i) {
            std::string record = m_messages.next(recordSize);
            const bool isHurt = m_damage != Damage::None && below(20) == 0;
            const std::string whole = record;
            if (isHurt) {
                test::damageRecord(
                    m_damage, previous, [this](std::uint64_t limit) { return below(limit); }, record);
            }
            const std::uint64_t start = stream.bytes.size();
            if (record.starts_with(whole)) {
                stream.intact.insert(start);
            } else if (record.ends_with(whole)) {
                stream.intact.insert(start + record.size() - whole.size());
            } else {
                stream.hurt.insert(start);
            }
            stream.bytes += record;
            previous = whole;
        }
        return stream;
    }

private:
    std::uint64_t below(std::uint64_t limit) { return m_messages.below(limit); }

    test::RandomMessages m_messages;
    Damage m_damage;
};

struct Outcome {
    std::uint64_t intact = 0;
    std::uint64_t lost = 0;
    std::uint64_t invented = 0;
};

Outcome compare(const Stream& stream, std::size_t piece) {
    Framer framer;
    std::set<std::uint64_t> found;
    Record record;
    std::uint64_t covered = 0;
    const auto fetch = [&] {
        while (framer.next(record)) {
            EXPECT_GE(record.offset, covered) << "records do not overlap";
            covered = record.offset + record.size;
            EXPECT_EQ(stream.bytes.compare(record.offset, record.size, framer.recordBytes(), record.size), 0);
            found.insert(record.offset);
        }
    };
    for (std::size_t at = 0; at < stream.bytes.size(); at += piece) {
        framer.feed(stream.bytes.data() + at, std::min(piece, stream.bytes.size() - at));
        fetch();
    }
    framer.finish();
    fetch();
    Outcome outcome;
    outcome.intact = stream.intact.size();
    for (const std::uint64_t offset : stream.intact) outcome.lost += !found.contains(offset);
    for (const std::uint64_t offset : found)
        outcome.invented += !stream.intact.contains(offset) && !stream.hurt.contains(offset);
    return outcome;
}

Outcome overSeeds(std::size_t recordSize, Damage damage, unsigned seeds) {
    Outcome sum;
    for (unsigned seed = 1; seed <= seeds; ++seed) {
        const std::size_t records = 2000;
        const Stream stream = DamagedStream(seed, damage).make(recordSize, records);
        const Outcome outcome = compare(stream, seed % 2 == 0 ? 65'536 : 1 + seed * 97 % 4096);
        if (damage != Damage::Repeated) {
            EXPECT_EQ(outcome.lost, 0U) << "size " << recordSize << " seed " << seed;
        }
        sum.intact += outcome.intact;
        sum.lost += outcome.lost;
        sum.invented += outcome.invented;
    }
    return sum;
}

class GarbledStream : public ::testing::TestWithParam<std::size_t> {};

TEST_P(GarbledStream, CleanStreamsComeBackWhole) {
    const Outcome sum = overSeeds(GetParam(), Damage::None, 20);
    EXPECT_EQ(sum.invented, 0U);
}
// What is made up are damaged records that are taken from some other byte on, and a few whose pieces fit together.
TEST_P(GarbledStream, OverwrittenBytesLoseNoIntactRecord) {
    const Outcome sum = overSeeds(GetParam(), Damage::Overwritten, 20);
    EXPECT_LE(sum.invented, sum.intact / 1000);
}
TEST_P(GarbledStream, InsertedBytesLoseNoIntactRecord) {
    const Outcome sum = overSeeds(GetParam(), Damage::Inserted, 20);
    EXPECT_LE(sum.invented, sum.intact / 1000);
}
TEST_P(GarbledStream, RemovedBytesLoseNoIntactRecord) {
    const Outcome sum = overSeeds(GetParam(), Damage::Removed, 20);
    EXPECT_LE(sum.invented, sum.intact / 1000);
}
TEST_P(GarbledStream, AllDamageTogetherLosesNoIntactRecord) {
    const Outcome sum = overSeeds(GetParam(), Damage::All, 20);
    EXPECT_LE(sum.invented, sum.intact / 1000);
}
// A free with stale zeros behind it can be the same bytes as a free that was cut within its address and a bare query
// whose type ends that address.
TEST_P(GarbledStream, StaleTailsLoseNextToNothing) {
    const Outcome sum = overSeeds(GetParam(), Damage::Repeated, 20);
    EXPECT_LE(sum.lost, sum.intact / 2000);
    EXPECT_LE(sum.invented, sum.intact / 1000);
}

INSTANTIATE_TEST_SUITE_P(AllSizes, GarbledStream, ::testing::ValuesIn(kRecordSizes));

}  // namespace
}  // namespace alloclens::alloc_message
