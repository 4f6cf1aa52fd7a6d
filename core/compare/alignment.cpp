// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/alignment.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>

#include "core/base/interner.h"
#include "core/base/parallel.h"

namespace alloclens {
namespace {

constexpr std::size_t kMaxCompared = std::size_t{1} << 22;  // events of a run
constexpr std::size_t kMaxRefused = std::size_t{1} << 20;   // refused frees of a run; all of them are compared

/// Which parts of an event to compare.
struct Likeness {
    bool hasAddress = true;
    std::uint64_t sampleMask = 0;  ///< compares only those ordinary events whose token has none of these bits set
    bool isEachRefusedKept = true;
};

/// The compared events of one device.
struct Stream {
    std::vector<std::uint64_t> tokens;
    std::vector<std::uint32_t> events;
};
using Streams = std::map<std::int32_t, Stream>;

Streams streamsOf(const Trace& trace, const Likeness& likeness, const TaskContext& task) {
    Streams streams;
    const EventTable& events = trace.events;
    Stream* stream = nullptr;
    std::int32_t device = kNoDevice;
    for (std::size_t i = 0; i < events.count(); ++i) {
        if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return {};
        const AddressId address = events.address[i];
        if (!address.isValid()) continue;
        const AddressKey& key = trace.key(address);
        const EventKind kind = events.kind[i];
        const auto sort = static_cast<std::uint64_t>(kind) << 8 | static_cast<std::uint64_t>(events.memory[i]);
        std::uint64_t token = mixBits(events.size[i] ^ sort << 48);
        if (likeness.hasAddress) token = mixBits(token ^ mixBits(key.address));
        token ^= token >> 32;
        const bool isKept = likeness.isEachRefusedKept && kind == EventKind::RefusedFree;
        if (!isKept && (token & likeness.sampleMask) != 0) continue;
        if (stream == nullptr || key.device != device) {
            device = key.device;
            stream = &streams[device];
        }
        stream->tokens.push_back(token);
        stream->events.push_back(static_cast<std::uint32_t>(i));
    }
    return streams;
}

std::size_t sizeOf(const Streams& streams) {
    std::size_t size = 0;
    for (const auto& [device, stream] : streams) size += stream.tokens.size();
    return size;
}

/// Returns the matches of all devices by their position in the first run. `after` may go back, since devices do not run
/// in step.
std::vector<Match> matchDevices(const Streams& before, const Streams& after, const TaskContext& task) {
    std::vector<std::pair<const Stream*, const Stream*>> pairs;
    for (const auto& [device, stream] : before) {
        if (const auto at = after.find(device); at != after.end()) pairs.emplace_back(&stream, &at->second);
    }
    std::vector<std::vector<Match>> found(pairs.size());
    sideBySide(pairs.size(), [&](std::size_t i) {
        const auto& [ours, theirs] = pairs[i];
        found[i] = matchSequences(ours->tokens, theirs->tokens, task);
        for (Match& match : found[i]) match = {ours->events[match.before], theirs->events[match.after]};
    });
    std::vector<Match> matches;
    for (const auto& part : found) matches.insert(matches.end(), part.begin(), part.end());
    std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.before < b.before; });
    return matches;
}

/// Keeps the matches that lie between the same neighbours of the chain in both runs.
std::vector<Match> inLineWith(const std::vector<Match>& chain, const std::vector<Match>& matches) {
    std::vector<Match> kept;
    auto next = chain.begin();
    for (const Match& match : matches) {
        while (next != chain.end() && next->before < match.before) ++next;
        const bool isOfChain = next != chain.end() && next->before == match.before;
        const bool isAfterLast = next == chain.begin() || (next - 1)->after < match.after;
        const bool isBeforeNext = next == chain.end() || match.after < next->after;
        if (isOfChain ? *next == match : isAfterLast && isBeforeNext) kept.push_back(match);
    }
    return kept;
}

std::uint64_t maskFor(std::size_t events) {
    std::uint64_t mask = 0;
    while (events > kMaxCompared) {
        mask = mask << 1 | 1;
        events /= 2;
    }
    return mask;
}

}  // namespace

Alignment Alignment::byShare(std::array<std::size_t, 2> events) {
    Alignment alignment;
    for (std::size_t run = 0; run < events.size(); ++run) {
        alignment.m_events[run] = std::max(1.0, static_cast<double>(events[run]));
    }
    alignment.m_anchors = {{{0, 0}}, {alignment.m_events}};
    return alignment;
}

Alignment Alignment::byMatches(const std::vector<Match>& matches, std::array<std::size_t, 2> events, AlignedBy by) {
    assert(std::adjacent_find(matches.begin(), matches.end(),
                              [](const Match& a, const Match& b) { return a.before >= b.before || a.after >= b.after; })
           == matches.end());
    if (matches.empty()) return byShare(events);
    Alignment alignment = byShare(events);
    alignment.m_by = by;
    alignment.m_matches = matches.size();
    alignment.m_anchors.clear();
    const auto distance = [&matches](std::size_t i) {
        return static_cast<std::int64_t>(matches[i].after) - static_cast<std::int64_t>(matches[i].before);
    };
    for (std::size_t i = 0; i < matches.size(); ++i) {
        const bool isBetween = i > 0 && i + 1 < matches.size() && distance(i - 1) == distance(i)
                               && distance(i) == distance(i + 1);
        if (isBetween) continue;
        alignment.m_anchors.push_back(
            {{static_cast<double>(matches[i].before), static_cast<double>(matches[i].after)}});
    }
    return alignment;
}

double Alignment::beside(std::size_t run, double place) const {
    assert(run < 2);
    const std::size_t other = 1 - run;
    const auto next = std::partition_point(m_anchors.begin(), m_anchors.end(),
                                           [run, place](const Anchor& anchor) { return anchor.at[run] <= place; });
    // Outside of the anchors distances stay as they are. They are scaled only if the runs share nothing but their ends.
    const double outside = m_by == AlignedBy::Share ? m_events[other] / m_events[run] : 1;
    if (next == m_anchors.begin()) return next->at[other] - (next->at[run] - place) * outside;
    const Anchor& last = *(next - 1);
    if (next == m_anchors.end()) return last.at[other] + (place - last.at[run]) * outside;
    const double share = (place - last.at[run]) / (next->at[run] - last.at[run]);
    return last.at[other] + share * (next->at[other] - last.at[other]);
}

AlignmentLine lineAlong(const std::function<double(double)>& map, double from, double to) {
    constexpr std::size_t kParts = 255;
    constexpr double kAsGoodAsOne = 0.02;
    std::array<double, kParts + 1> places{};
    for (std::size_t i = 0; i <= kParts; ++i) {
        places[i] = map(from + (to - from) * static_cast<double>(i) / kParts);
    }
    const auto medianOf = [](auto& values) {
        std::nth_element(values.begin(), values.begin() + kParts / 2, values.end());
        return values[kParts / 2];
    };
    const double each = (to - from) / kParts;
    std::array<double, kParts> values{};
    for (std::size_t i = 0; i < kParts; ++i) values[i] = (places[i + 1] - places[i]) / each;
    AlignmentLine line;
    line.scale = medianOf(values);
    const double overall = (places[kParts] - places[0]) / (to - from);
    if (!(line.scale > 0)) line.scale = overall > 0 ? overall : 1;
    if (std::abs(line.scale - 1) < kAsGoodAsOne) line.scale = 1;
    for (std::size_t i = 0; i < kParts; ++i) {
        const double middle = from + each * (static_cast<double>(i) + 0.5);
        values[i] = (places[i] + places[i + 1]) / 2 - line.scale * middle;
    }
    line.offset = medianOf(values);
    return line;
}

Result<AlignedRuns> alignRuns(const Analysis& before, const Analysis& after, const TaskContext& task) {
    // The matches on one line must be at least this share of the shorter run. Equal sizes need more, since they match
    // by chance.
    constexpr std::array kLeastShare = {0.05, 0.25};
    const std::array events = {before.trace->events.count(), after.trace->events.count()};
    const std::uint64_t refused = std::max(before.replay.totals.unknownFrees, after.replay.totals.unknownFrees);
    Likeness likeness;
    likeness.sampleMask = maskFor(std::max(events[0], events[1]));
    likeness.isEachRefusedKept = refused <= kMaxRefused;
    for (const AlignedBy by : {AlignedBy::Events, AlignedBy::Sizes}) {
        likeness.hasAddress = by == AlignedBy::Events;
        const Streams ours = streamsOf(*before.trace, likeness, task);
        const Streams theirs = streamsOf(*after.trace, likeness, task);
        std::vector<Match> matches = matchDevices(ours, theirs, task);
        if (task.isCancelled()) return TaskContext::cancelled();
        std::vector<Match> refusedFrees;
        for (const Match& match : matches) {
            if (before.trace->events.kind[match.before] == EventKind::RefusedFree) refusedFrees.push_back(match);
        }
        // Refused frees are matched first, since users compare runs because of them.
        const auto chain = longestRising(inLineWith(longestRising(refusedFrees), matches));
        const auto shorter = static_cast<double>(std::min(sizeOf(ours), sizeOf(theirs)));
        if (chain.empty() || static_cast<double>(chain.size()) < shorter * kLeastShare[static_cast<std::size_t>(by)]) {
            continue;
        }
        return AlignedRuns{Alignment::byMatches(chain, events, by), std::move(matches)};
    }
    return AlignedRuns{Alignment::byShare(events), {}};
}

}  // namespace alloclens
