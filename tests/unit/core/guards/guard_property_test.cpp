// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random messages under each guard, against an implementation that does it the plain way: it keeps every call of every
// process as a letter, looks through them at each free, and runs a server of maps.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/guards/guard_replay.h"
#include "core/tracker/tracker.h"
#include "tests/unit/support/timed_trace.h"

namespace alloclens {
namespace {

struct RandomMessage {
    enum class Kind { Allocate, Free, Die, Restart } kind = Kind::Allocate;
    AddressKey key;
    std::int32_t pid = 0;
    std::uint64_t size = 0;
};

struct Mixture {
    unsigned addresses = 3;
    unsigned allocationsOf100 = 45;
    unsigned deathsOf100 = 2;
    unsigned restartsOf1000 = 2;
    bool knowsSenders = false;
    TrackerRules rules;
};

std::vector<RandomMessage> randomMessages(std::uint64_t seed, const Mixture& mixture) {
    std::mt19937_64 random(seed);
    const auto below = [&random](std::uint64_t limit) { return random() % limit; };
    std::vector<RandomMessage> messages;
    for (std::uint64_t i = 0, count = 20 + below(400); i < count; ++i) {
        RandomMessage message;
        message.key = {static_cast<std::int32_t>(below(2)), 64 * (1 + below(mixture.addresses))};
        message.pid = 10 + static_cast<std::int32_t>(below(3));
        message.size = 32 * (1 + below(4));
        const std::uint64_t kind = below(100);
        if (below(1000) < mixture.restartsOf1000 && i > 0) {
            message.kind = RandomMessage::Kind::Restart;
        } else if (kind < mixture.deathsOf100) {
            message.kind = RandomMessage::Kind::Die;
        } else if (kind >= mixture.deathsOf100 + mixture.allocationsOf100) {
            message.kind = RandomMessage::Kind::Free;
        }
        messages.push_back(message);
    }
    return messages;
}

/// The trace that a server makes of the messages.
std::shared_ptr<const Analysis> analysisOf(const std::vector<RandomMessage>& messages, const Mixture& mixture) {
    TracePart part;
    std::string text;
    auto tracker = std::make_unique<Tracker>(mixture.rules);
    for (const RandomMessage& message : messages) {
        TracePart::Event event;
        event.line = ++part.lines;
        event.pid = message.pid;
        Tracker::Verdict verdict;
        switch (message.kind) {
        case RandomMessage::Kind::Allocate:
            verdict = tracker->allocate(message.key, message.size, Memory::L1, message.pid);
            event.memory = Memory::L1;
            break;
        case RandomMessage::Kind::Free: verdict = tracker->release(message.key, message.pid); break;
        case RandomMessage::Kind::Die:
            event.kind = EventKind::Sweep;
            event.size = tracker->sweep(message.pid).entries;
            break;
        case RandomMessage::Kind::Restart:
            event.kind = EventKind::Restart;
            event.pid = kNoPid;
            tracker = std::make_unique<Tracker>(mixture.rules);
            break;
        }
        event.hasKey = message.kind == RandomMessage::Kind::Allocate || message.kind == RandomMessage::Kind::Free;
        if (event.hasKey) {
            event.key = message.key;
            event.kind = verdict.kind;
            event.size = verdict.size;
            event.refCount = verdict.refCount;
            if (verdict.kind != EventKind::Allocation) event.pid = verdict.pid;
            if (mixture.knowsSenders) event.sender = message.pid;
        }
        part.add(event);
        text += "message\n";
    }
    part.lineCounts.events = part.lines;
    TraceBuilder builder;
    if (!builder.append(std::move(part))) test::stop("cannot append a part");
    builder.draft().rules = mixture.rules;
    const std::size_t bytes = text.size();
    return test::analysisOf(std::make_shared<const Trace>(
        builder.finish("random", "random.bin", std::make_unique<test::TextInMemory>(std::move(text)), bytes, bytes)));
}

struct PlainEntry {
    std::uint32_t depth = 0;
    std::int32_t owner = 0;
    std::uint64_t size = 0;
};
using PlainTable = std::map<AddressKey, PlainEntry>;

bool allocateIn(PlainTable& table, const RandomMessage& message, TrackerRules rules) {
    const auto [at, isNew] = table.try_emplace(message.key, PlainEntry{1, message.pid, message.size});
    if (isNew) return false;
    if (!rules.countsReferences) {
        at->second = {1, message.pid, message.size};
    } else {
        ++at->second.depth;
        if (rules.keepsLastSize) at->second.size = message.size;
    }
    return true;
}

bool releaseIn(PlainTable& table, const AddressKey& key) {
    const auto at = table.find(key);
    if (at == table.end()) return false;
    if (--at->second.depth == 0) table.erase(at);
    return true;
}

/// Takes out what a process owns, or everything.
PlainTable takeFrom(PlainTable& table, const std::int32_t* owner) {
    PlainTable taken;
    for (auto at = table.begin(); at != table.end();) {
        if (owner != nullptr && at->second.owner != *owner) {
            ++at;
            continue;
        }
        taken.insert(*at);
        at = table.erase(at);
    }
    return taken;
}

class PlainGuard {
public:
    PlainGuard(const Guard& guard, const Mixture& mixture) : m_name(guard.name), m_mixture(mixture) {}

    [[nodiscard]] std::string run(const std::vector<RandomMessage>& messages) {
        for (const RandomMessage& message : messages) {
            switch (message.kind) {
            case RandomMessage::Kind::Allocate: allocate(message); break;
            case RandomMessage::Kind::Free: release(message); break;
            case RandomMessage::Kind::Die:
                cutOff(takeFrom(m_now, &message.pid), takeFrom(m_guarded, &message.pid), m_swept);
                m_calls.erase(message.pid);
                break;
            case RandomMessage::Kind::Restart:
                cutOff(takeFrom(m_now, nullptr), takeFrom(m_guarded, nullptr), m_live);
                break;
            }
        }
        cutOff(m_now, m_guarded, m_live);
        return fmt::format("dropped {} silenced {} left {} caused {} instead {} rightful {} strangers {} merged {} "
                           "live {}/{} swept {}/{} hidden {} changed {}",
                           m_dropped, m_silenced, m_left, m_caused, m_instead, m_rightful, m_strangers, m_merged,
                           m_live.buffers, m_live.bytes, m_swept.buffers, m_swept.bytes, m_hidden, m_changed);
    }

private:
    [[nodiscard]] std::string& callsOf(std::int32_t pid, const AddressKey& key) { return m_calls[pid][key]; }
    static int openIn(const std::string& calls) {
        int open = 0;
        for (const char call : calls) open = call == 'A' ? open + 1 : std::max(open - 1, 0);
        return open;
    }
    [[nodiscard]] bool drops(const std::string& calls) const {
        const bool hasFreed = calls.find('F') != std::string::npos;
        const bool isFreedLast = calls.ends_with('F');
        if (m_name == "object-flag") return calls.find('A') != std::string::npos && openIn(calls) == 0;
        if (m_name == "suppress-duplicates") return calls.empty() || isFreedLast;
        return m_name == "freed-set" ? isFreedLast : hasFreed;
    }

    void allocate(const RandomMessage& message) {
        const bool wasLive = allocateIn(m_now, message, m_mixture.rules);
        if (allocateIn(m_guarded, message, m_mixture.rules) && !wasLive) ++m_merged;
        callsOf(message.pid, message.key) += 'A';
        m_allocators[message.key].push_back(message.pid);
    }

    /// Of an accepted free, as the log shows it.
    [[nodiscard]] std::int32_t assumedSender(const AddressKey& key, std::int32_t owner) {
        if (openIn(callsOf(owner, key)) > 0) return owner;
        const auto& allocators = m_allocators[key];
        for (std::size_t i = allocators.size(); i > 0; --i) {
            if (openIn(callsOf(allocators[i - 1], key)) > 0) return allocators[i - 1];
        }
        callsOf(owner, key) += 'A';  // it holds the address after all
        return owner;
    }

    void release(const RandomMessage& message) {
        const auto live = m_now.find(message.key);
        const bool isAccepted = live != m_now.end();
        std::int32_t sender = message.pid;
        if (isAccepted && !m_mixture.knowsSenders) sender = assumedSender(message.key, live->second.owner);
        bool isHeldByOther = false;
        for (auto& [pid, calls] : m_calls) isHeldByOther |= pid != sender && openIn(calls[message.key]) > 0;
        std::string& calls = callsOf(sender, message.key);
        if (isAccepted) static_cast<void>(releaseIn(m_now, message.key));
        if (drops(calls)) {
            ++m_dropped;
            if (isAccepted) ++(openIn(calls) == 0 && isHeldByOther ? m_strangers : m_rightful);
            if (!isAccepted) ++m_silenced;
        } else if (releaseIn(m_guarded, message.key)) {
            if (!isAccepted) ++m_silenced, ++m_instead;
        } else {
            ++(isAccepted ? m_caused : m_left);
        }
        calls += 'F';
    }

    void cutOff(const PlainTable& now, const PlainTable& guarded, LeftBuffers& sum) {
        for (const auto& [key, entry] : guarded) {
            const auto at = now.find(key);
            if (at == now.end()) {
                ++sum.buffers;
                sum.bytes += entry.size;
            } else if (at->second.owner != entry.owner || at->second.size != entry.size) {
                ++m_changed;
            }
        }
        for (const auto& [key, entry] : now) m_hidden += guarded.contains(key) ? 0 : 1;
    }

    std::string m_name;
    Mixture m_mixture;
    PlainTable m_now;
    PlainTable m_guarded;
    std::map<std::int32_t, std::map<AddressKey, std::string>> m_calls;
    std::map<AddressKey, std::vector<std::int32_t>> m_allocators;
    int m_dropped = 0, m_silenced = 0, m_left = 0, m_caused = 0, m_instead = 0, m_rightful = 0, m_strangers = 0;
    int m_merged = 0, m_hidden = 0, m_changed = 0;
    LeftBuffers m_live, m_swept;
};

std::string toldBy(const GuardOutcome& of) {
    return fmt::format("dropped {} silenced {} left {} caused {} instead {} rightful {} strangers {} merged {} "
                       "live {}/{} swept {}/{} hidden {} changed {}",
                       of.dropped, of.silenced, of.left, of.caused, of.acceptedInstead, of.rightfulDropped,
                       of.strangersDropped, of.mergedAllocations, of.leftLive.buffers, of.leftLive.bytes,
                       of.leftToSweeps.buffers, of.leftToSweeps.bytes, of.leaksHidden, of.leaksChanged);
}

void expectPlainOutcome(const Mixture& mixture) {
    constexpr std::uint64_t kRuns = 300;
    for (std::uint64_t seed = 1; seed <= kRuns; ++seed) {
        const auto messages = randomMessages(seed, mixture);
        const auto analysis = analysisOf(messages, mixture);
        ASSERT_TRUE(analysis->replay.contradictions.empty());
        const auto study = replayUnderGuards(*analysis, guards(), {});
        ASSERT_TRUE(study);
        ASSERT_EQ(study->warnings, analysis->replay.totals.unknownFrees);
        for (std::size_t i = 0; i < guards().size(); ++i) {
            ASSERT_EQ(toldBy(study->outcomes[i]), PlainGuard(guards()[i], mixture).run(messages))
                << guards()[i].name << ", seed " << seed;
        }
    }
}

TEST(GuardProperty, AgreesWithThePlainWayWhereSendersAreNotKnown) { expectPlainOutcome({}); }

TEST(GuardProperty, AgreesWithThePlainWayWhereSendersAreKnown) {
    Mixture mixture;
    mixture.knowsSenders = true;
    expectPlainOutcome(mixture);
}

TEST(GuardProperty, AgreesWithThePlainWayWhereAddressesAreManyAndProcessesDieOften) {
    Mixture mixture;
    mixture.addresses = 20;
    mixture.deathsOf100 = 8;
    mixture.restartsOf1000 = 20;
    expectPlainOutcome(mixture);
    mixture.knowsSenders = true;
    expectPlainOutcome(mixture);
}

TEST(GuardProperty, AgreesWithThePlainWayWhereMostMessagesAreAllocations) {
    Mixture mixture;
    mixture.allocationsOf100 = 65;
    expectPlainOutcome(mixture);
}

TEST(GuardProperty, AgreesWithThePlainWayUnderTheEnhancedServersRules) {
    Mixture mixture;
    mixture.rules.keepsLastSize = true;
    expectPlainOutcome(mixture);
}

TEST(GuardProperty, AgreesWithThePlainWayWithoutReferenceCounts) {
    Mixture mixture;
    mixture.rules.countsReferences = false;
    expectPlainOutcome(mixture);
}

}  // namespace
}  // namespace alloclens
