// SPDX-License-Identifier: GPL-3.0-or-later
//
// Captures of random workloads in every record size, and of connections of different sizes put together, through the
// importer: whole ones give the truth of a table kept beside them, and of garbled ones every intact record is found.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "core/base/time_units.h"
#include "importers/alloc_message/message.h"
#include "tests/generator/generator.h"
#include "tests/unit/support/message_damage.h"
#include "tests/unit/support/message_stream.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using test::Damage;
using test::SentMessage;

constexpr std::array<const char*, 5> kMemories = {"DRAM", "L1", "SYSTEM_MEMORY", "L1_SMALL", "TRACE"};

/// Programs that allocate and free, sometimes twice, sometimes what others hold or nobody does. Each message is of a
/// process of its own, so that no two are alike.
class Workload {
public:
    explicit Workload(unsigned seed) : m_random(seed) {}

    SentMessage next() {
        m_time += below(50'000);
        const std::int32_t pid = ++m_pid;
        if (below(20) == 0) return test::query(pid);
        if (m_sent.empty() || below(2) == 0) {
            const bool isKnown = !m_sent.empty() && below(10) == 0;
            const auto [device, id] = isKnown ? m_sent[below(m_sent.size())] : fresh();
            m_sent.emplace_back(device, id);
            return test::allocation(device, id, 32 * (1 + below(1 << 16)), pid, static_cast<std::uint8_t>(below(5)),
                                    m_time);
        }
        const auto [device, id] = below(20) == 0 ? fresh() : m_sent[m_sent.size() - 1 - below(recent())];
        return test::release(device, id, pid);
    }
    std::uint64_t below(std::uint64_t limit) { return m_random() % limit; }

private:
    std::pair<std::int32_t, std::uint64_t> fresh() {
        return {static_cast<std::int32_t>(below(8)), 101'152 + 32 * below(1 << 24)};
    }
    std::size_t recent() const { return std::min<std::size_t>(m_sent.size(), 64); }

    std::mt19937_64 m_random;
    std::uint64_t m_time = test::kSomeTime;
    std::int32_t m_pid = 10'000;
    std::vector<std::pair<std::int32_t, std::uint64_t>> m_sent;
};

/// What the poc server would have said, from the messages alone and by a table as plain as can be.
class PlainTable {
public:
    std::string verdict(const SentMessage& message) {
        const std::pair key(message.device, message.bufferId);
        const auto live = m_live.find(key);
        const std::string at = fmt::format("{}:{}", message.device, message.bufferId);
        if (message.type == 1) {
            const std::string memory = kMemories[message.bufferType];
            if (live == m_live.end()) {
                m_live[key] = {message.size, message.pid, 1};
                return fmt::format("allocation {} {} pid {} size {}", at, memory, message.pid, message.size);
            }
            const int count = ++std::get<2>(live->second);
            return fmt::format("allocation {} {} pid {} size {} ref {}", at, memory, message.pid, message.size, count);
        }
        if (live == m_live.end()) return fmt::format("refused-free {} pid {} size none", at, message.pid);
        auto& [size, owner, count] = live->second;
        if (--count > 0) return fmt::format("partial-free {} pid {} size {} ref {}", at, owner, size, count);
        std::string text = fmt::format("final-free {} pid {} size {}", at, owner, size);
        m_live.erase(live);
        return text;
    }

private:
    std::map<std::pair<std::int32_t, std::uint64_t>, std::tuple<std::uint64_t, std::int32_t, int>> m_live;
};

/// The beginning of a record's line, up to where it says when.
std::string lineOf(const SentMessage& message) {
    if (message.type == 3) return fmt::format("QUERY  device 0  process {}", message.pid);
    const std::string at = fmt::format("device {}  address {}", message.device, message.bufferId);
    if (message.type == 2) return fmt::format("FREE  {}  process {}", at, message.pid);
    return fmt::format("ALLOC  {}  {} bytes  {}  process {}", at, message.size, kMemories[message.bufferType],
                       message.pid);
}

struct Capture {
    std::string bytes;
    std::vector<std::string> verdicts;  ///< of all events, with their line
    std::vector<std::int64_t> times;    ///< of the same
    std::vector<std::string> intact;    ///< lines of what was not damaged
    std::size_t damaged = 0;
};

/// Which record sizes a capture has, and how many records stay with one: connections that take turns.
struct Sizes {
    std::vector<std::size_t> of;
    std::uint64_t turn;
};

Capture makeCapture(unsigned seed, const Sizes& sizes, Damage damage, std::size_t records) {
    Capture capture;
    Workload workload(seed);
    PlainTable table;
    std::string previous;
    std::size_t size = sizes.of.front();
    for (std::size_t i = 0; i < records; ++i) {
        if (workload.below(sizes.turn) == 0) size = sizes.of[workload.below(sizes.of.size())];
        const SentMessage message = workload.next();
        const std::string whole = test::packed(message, size);
        if (message.type != 3) {
            capture.verdicts.push_back(fmt::format("{}: {}", i + 1, table.verdict(message)));
            capture.times.push_back(message.timestamp == 0 ? kNoTime : static_cast<std::int64_t>(message.timestamp));
        }
        std::string record = whole;
        if (damage != Damage::None && workload.below(20) == 0) {
            test::damageRecord(
                damage, previous, [&workload](std::uint64_t limit) { return workload.below(limit); }, record);
        }
        if (record.starts_with(whole) || record.ends_with(whole)) {
            capture.intact.push_back(lineOf(message));
        } else {
            ++capture.damaged;
        }
        capture.bytes += record;
        previous = whole;
    }
    return capture;
}

std::shared_ptr<const Trace> readCapture(const Capture& capture) {
    const test::TemporaryFile file(capture.bytes);
    auto trace = readTrace(file.path(), {}, {}, {});
    if (!trace) test::stop(trace.error().sentence());
    return *trace;
}

struct Found {
    std::size_t lost = 0;
    std::size_t others = 0;  ///< lines of no intact record
};

Found compare(const Capture& capture, const Trace& trace) {
    const auto lines = trace.source->linesText(1, trace.source->lines());
    if (!lines) test::stop(lines.error().sentence());
    std::set<std::string> texts;
    for (const std::string& line : *lines) texts.insert(line.substr(0, line.find("  ", line.rfind("process "))));
    Found found;
    for (const std::string& expected : capture.intact) found.lost += texts.contains(expected) ? 0 : 1;
    found.others = lines->size() - (capture.intact.size() - found.lost);
    return found;
}

/// Allocations and frees, whatever became of them.
std::vector<std::string> messagesOf(const Trace& trace) {
    std::vector<std::string> messages;
    const EventTable& events = trace.events;
    for (std::size_t i = 0; i < events.count(); ++i) {
        if (events.kind[i] == EventKind::Sweep || events.kind[i] == EventKind::Restart) continue;
        const AddressKey& key = trace.addresses[events.address[i].index()];
        const bool isAllocation = events.kind[i] == EventKind::Allocation;
        messages.push_back(
            fmt::format("{}:{} {}", key.device, key.address, isAllocation ? memoryName(events.memory[i]) : "free"));
    }
    return messages;
}

const std::vector<Sizes> kSizes = {{{72}, 1},       {{112}, 1},
                                   {{128}, 1},      {{144}, 1},
                                   {{648}, 1},      {{72, 112, 128, 144, 648}, 200},
                                   {{72, 144}, 20}, {{72, 112, 128, 144, 648}, 1}};

class CaptureOfSizes : public ::testing::TestWithParam<std::size_t> {
protected:
    [[nodiscard]] static const Sizes& sizes() { return kSizes[GetParam()]; }
    [[nodiscard]] static bool isMixed() { return sizes().of.size() > 1; }
};
INSTANTIATE_TEST_SUITE_P(CaptureProperty, CaptureOfSizes, ::testing::Range(std::size_t{0}, kSizes.size()));

TEST_P(CaptureOfSizes, WholeOneGivesTheTruth) {
    for (unsigned seed = 1; seed <= 5; ++seed) {
        const Capture capture = makeCapture(seed, sizes(), Damage::None, 3000);
        const auto trace = readCapture(capture);
        ASSERT_EQ(test::eventTexts(*trace), capture.verdicts) << "seed " << seed;
        ASSERT_EQ(trace->events.time.size(), capture.times.size());
        for (std::size_t i = 0; i < capture.times.size(); ++i) ASSERT_EQ(trace->events.time[i], capture.times[i]);
        EXPECT_TRUE(test::diagnosticTexts(*trace).empty()) << "seed " << seed;
        const Found found = compare(capture, *trace);
        EXPECT_EQ(found.lost, 0U);
        EXPECT_EQ(found.others, 0U);
    }
}

// The log has sweeps, of which a capture knows nothing: what is refused differs, what was sent does not.
TEST(CaptureProperty, MessagesOfAGeneratedLogAreThoseThatTheLogTellsOf) {
    for (const std::size_t size : alloc_message::kRecordSizes) {
        std::string log;
        Capture capture;
        generator::CaptureWriter writer(size, [&capture](std::string_view bytes) { capture.bytes += bytes; });
        generator::Recipe recipe;
        recipe.seed = size;
        recipe.events = 5000;
        recipe.rejectedShare = 0;
        generator::stream(
            recipe, [&log](std::string_view text) { log += text; }, nullptr, &writer);
        const auto sent = readCapture(capture);
        const auto told = test::readLog(log);
        ASSERT_EQ(sent->formatName, "alloc-message");
        EXPECT_TRUE(test::diagnosticTexts(*sent).empty()) << size;
        EXPECT_EQ(messagesOf(*sent), messagesOf(*told)) << size;
    }
}

// Of a damaged record at most itself is read, and pieces of two that fit together now and then.
TEST_P(CaptureOfSizes, EveryIntactRecordOfAGarbledOneIsFound) {
    std::size_t intact = 0;
    std::size_t lost = 0;
    for (unsigned seed = 1; seed <= 10; ++seed) {
        const Capture capture = makeCapture(seed, sizes(), Damage::All, 2000);
        ASSERT_GT(capture.damaged, 50U);
        const Found found = compare(capture, *readCapture(capture));
        intact += capture.intact.size();
        lost += found.lost;
        EXPECT_LE(found.others, capture.damaged + capture.intact.size() / 500) << "seed " << seed;
    }
    // Between damaged records a size that has not come before can be missed.
    EXPECT_LE(lost, isMixed() ? intact / 5000 : 0);
}

TEST_P(CaptureOfSizes, StaleTailsOfShortReceivesLoseNextToNothing) {
    std::size_t intact = 0;
    std::size_t lost = 0;
    for (unsigned seed = 1; seed <= 10; ++seed) {
        const Capture capture = makeCapture(seed, sizes(), Damage::Repeated, 2000);
        const Found found = compare(capture, *readCapture(capture));
        intact += capture.intact.size();
        lost += found.lost;
        EXPECT_LE(found.others, 2 * capture.damaged + capture.intact.size() / 500) << "seed " << seed;
    }
    EXPECT_LE(lost, intact / 2000);
}

}  // namespace
}  // namespace alloclens
