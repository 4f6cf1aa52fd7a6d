// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/live_bytes.h"

#include <algorithm>
#include <atomic>
#include <mutex>

namespace alloclens {
namespace {

/// Where re-allocations change a lifetime's size, adds the changes at their events and gives the size that it began
/// with.
std::uint64_t addResizes(const Analysis& analysis, LifetimeId id, std::vector<std::uint64_t>& changes) {
    const Lifetime lifetime = analysis.replay.lifetime(id);
    const TrackerRules& rules = analysis.trace->rules;
    if (lifetime.peakDepth < 2 || lifetime.beginLost || (rules.countsReferences && !rules.keepsLastSize)) {
        return lifetime.size;
    }
    const auto& sizes = analysis.trace->events.size;
    const auto events = analysis.replay.eventsOf(lifetime.address);
    const std::uint64_t first = sizes[lifetime.first.index()];
    std::uint64_t size = first;
    for (auto at = std::lower_bound(events.begin(), events.end(), lifetime.first);
         at != events.end() && analysis.replay.lifetimeOf[at->index()] == id; ++at) {
        if (analysis.replay.letters[at->index()] != Letter::Aliased) continue;
        changes[at->index()] += sizes[at->index()] - size;  // modulo 2^64
        size = sizes[at->index()];
    }
    return first;
}

/// The change at each event, modulo 2^64; empty where the task was cancelled.
std::vector<std::uint64_t> changesOf(const Analysis& analysis, const std::vector<std::uint8_t>* lifetimesShown,
                                     const TaskContext& task) {
    std::vector<std::uint64_t> changes(analysis.trace->events.count(), 0);
    for (std::size_t i = 0; i < analysis.replay.lifetimes.size(); ++i) {
        if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return {};
        if (lifetimesShown != nullptr && (*lifetimesShown)[i] == 0) continue;
        const Lifetime& lifetime = analysis.replay.lifetime(LifetimeId(i));
        if (lifetime.size == kNoSize) continue;
        changes[lifetime.first.index()] += addResizes(analysis, LifetimeId(i), changes);
        if (lifetime.last.isValid()) changes[lifetime.last.index()] -= lifetime.size;
    }
    return changes;
}

}  // namespace

struct LiveBytes::Sums {
    std::shared_ptr<const Analysis> analysis;
    Flags lifetimesShown;
    std::mutex mutex;
    std::atomic<bool> isReady = false;
    Levels levels;
};

LiveBytes::LiveBytes(std::shared_ptr<const Analysis> analysis, Flags lifetimesShown)
    : m_sums(std::make_shared<Sums>()) {
    m_sums->analysis = std::move(analysis);
    m_sums->lifetimesShown = std::move(lifetimesShown);
}

bool LiveBytes::isPrepared() const { return m_sums == nullptr || m_sums->isReady; }

void LiveBytes::prepare(const TaskContext& task) const {
    if (isPrepared()) return;
    const std::lock_guard lock(m_sums->mutex);
    if (m_sums->isReady) return;
    Levels levels;
    std::vector<std::uint64_t> bytes = changesOf(*m_sums->analysis, m_sums->lifetimesShown.get(), task);
    if (task.isCancelled()) return;
    for (std::size_t i = 1; i < bytes.size(); ++i) bytes[i] += bytes[i - 1];
    if (!bytes.empty()) levels.push_back(std::move(bytes));
    while (!levels.empty() && levels.back().size() > 1) {
        const auto& below = levels.back();
        std::vector<std::uint64_t> above((below.size() + kFan - 1) / kFan, 0);
        for (std::size_t i = 0; i < below.size(); ++i) above[i / kFan] = std::max(above[i / kFan], below[i]);
        levels.push_back(std::move(above));
    }
    m_sums->levels = std::move(levels);
    m_sums->isReady = true;
}

const LiveBytes::Levels& LiveBytes::levels() const {
    static const Levels kNone;
    if (m_sums == nullptr) return kNone;
    prepare({});
    return m_sums->levels;
}

std::uint64_t LiveBytes::peakBetween(std::size_t from, std::size_t to) const {
    std::uint64_t most = 0;
    const Levels& all = levels();
    if (all.empty()) return most;
    to = std::min(to, all.front().size());
    // Uneven ends on each level, the aligned middle one level up.
    for (std::size_t level = 0; from < to; ++level) {
        const auto& values = all[level];
        while (from < to && (from % kFan != 0 || level + 1 == all.size())) most = std::max(most, values[from++]);
        while (from < to && to % kFan != 0) most = std::max(most, values[--to]);
        from /= kFan;
        to /= kFan;
    }
    return most;
}

std::vector<std::uint64_t> LiveBytes::columns(const Trace& trace, AcrossMode mode, const PixelMap& map) const {
    std::vector<std::uint64_t> result(static_cast<std::size_t>(map.width), 0);
    const Levels& all = levels();
    if (all.empty()) return result;
    const auto& bytes = all.front();
    std::size_t from = firstEventFrom(trace, mode, map.across(0));
    for (int x = 0; x < map.width; ++x) {
        const std::size_t to = firstEventFrom(trace, mode, map.across(x + 1));
        const std::uint64_t carried = from > 0 ? bytes[std::min(from, bytes.size()) - 1] : 0;
        result[static_cast<std::size_t>(x)] = to > from ? peakBetween(from, to) : carried;
        from = std::max(from, to);
    }
    return result;
}

}  // namespace alloclens
