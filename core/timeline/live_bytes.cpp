// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/live_bytes.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "core/base/parallel.h"
#include "core/base/saturating.h"
#include "core/base/units.h"

namespace alloclens {
namespace {

constexpr std::size_t kBlock = LiveBytes::kBlock;
constexpr std::size_t kFan = 16;

}  // namespace

struct LiveBytes::Sums {
    std::shared_ptr<const Analysis> analysis;
    Flags lifetimesShown;
    std::mutex mutex;
    std::atomic<bool> isReady = false;

    LiveChanges changes;
    std::vector<std::uint64_t> behind;                ///< by block: what is live behind its last event
    std::vector<WideChange> behindWide;               ///< the same where changes are wide, and `behind` is empty
    std::vector<std::vector<std::uint64_t>> highest;  ///< by block; each above holds maxima of kFan below

    [[nodiscard]] bool make(const TaskContext& task);
    void sumUp(std::size_t firstBlock, std::size_t endBlock);
    [[nodiscard]] bool sumUpInRuns(const TaskContext& task);
    [[nodiscard]] bool sumUpWide(const TaskContext& task);
    void stackUp();
    template <typename Change>
    [[nodiscard]] Change before(const std::vector<Change>& sums, std::size_t block) const {
        return block == 0 ? Change{0} : sums[block - 1];
    }
    [[nodiscard]] std::uint64_t highestOfBlocks(std::size_t from, std::size_t to) const;
    [[nodiscard]] std::uint64_t highestInside(std::size_t from, std::size_t to) const;
};

// Sums from the first block on, as if nothing had been live before it: values below 0 are 2^64 more.
void LiveBytes::Sums::sumUp(std::size_t firstBlock, std::size_t endBlock) {
    constexpr std::uint64_t kLowest = std::uint64_t{1} << 63U;
    std::uint64_t live = 0;
    for (std::size_t block = firstBlock; block < endBlock; ++block) {
        std::uint64_t most = 0;
        const std::size_t begin = block * kBlock;
        changes.forEach(begin, std::min(changes.events(), begin + kBlock), [&](std::size_t, std::uint64_t change) {
            live += change;
            most = std::max(most, live - kLowest);
        });
        behind[block] = live;
        highest.front()[block] = most + kLowest;
    }
}

// Runs of blocks are summed up side by side, each from 0, and then raised by what was live before them.
bool LiveBytes::Sums::sumUpInRuns(const TaskContext& task) {
    const std::size_t blocks = highest.front().size();
    behind.assign(blocks, 0);
    constexpr std::size_t kBlocksOfRun = TaskContext::kPollRows / kBlock;
    const std::size_t runs = (blocks + kBlocksOfRun - 1) / kBlocksOfRun;
    sideBySide(runs, [&](std::size_t run) {
        if (!task.isCancelled()) sumUp(run * kBlocksOfRun, std::min(blocks, (run + 1) * kBlocksOfRun));
    });
    if (task.isCancelled()) return false;
    for (std::size_t run = 1; run < runs; ++run) {
        const std::uint64_t live = before(behind, run * kBlocksOfRun);
        for (std::size_t block = run * kBlocksOfRun; block < std::min(blocks, (run + 1) * kBlocksOfRun); ++block) {
            behind[block] += live;
            highest.front()[block] += live;
        }
    }
    return true;
}

// Sizes that no device has: one thread is enough for them.
bool LiveBytes::Sums::sumUpWide(const TaskContext& task) {
    WideChange live = 0;
    for (std::size_t block = 0; block < highest.front().size(); ++block) {
        const std::size_t begin = block * kBlock;
        if (begin % TaskContext::kPollRows == 0 && task.isCancelled()) return false;
        WideChange most = 0;
        changes.forEach<WideChange>(begin, std::min(changes.events(), begin + kBlock),
                                    [&](std::size_t, WideChange change) {
                                        live += change;
                                        most = std::max(most, live);
                                    });
        behindWide.push_back(live);
        highest.front()[block] = saturated(static_cast<WideSum>(most));
    }
    return true;
}

void LiveBytes::Sums::stackUp() {
    while (highest.back().size() > 1) {
        const auto& below = highest.back();
        std::vector<std::uint64_t> above((below.size() + kFan - 1) / kFan, 0);
        for (std::size_t i = 0; i < below.size(); ++i) above[i / kFan] = std::max(above[i / kFan], below[i]);
        highest.push_back(std::move(above));
    }
}

bool LiveBytes::Sums::make(const TaskContext& task) {
    changes = LiveChanges(analysis, lifetimesShown, task);
    highest.assign(1, std::vector<std::uint64_t>((changes.events() + kBlock - 1) / kBlock, 0));
    behindWide.clear();
    if (!(changes.isWide() ? sumUpWide(task) : sumUpInRuns(task))) return false;
    stackUp();
    return true;
}

std::uint64_t LiveBytes::Sums::highestOfBlocks(std::size_t from, std::size_t to) const {
    std::uint64_t most = 0;
    // Uneven ends on each level, the aligned middle one level up.
    for (std::size_t level = 0; from < to; ++level) {
        const auto& values = highest[level];
        while (from < to && (from % kFan != 0 || level + 1 == highest.size())) most = std::max(most, values[from++]);
        while (from < to && to % kFan != 0) most = std::max(most, values[--to]);
        from /= kFan;
        to /= kFan;
    }
    return most;
}

/// Of events of one block.
std::uint64_t LiveBytes::Sums::highestInside(std::size_t from, std::size_t to) const {
    const std::size_t block = from / kBlock;
    const auto highestFrom = [&]<typename Change>(Change live) {
        Change most = 0;
        changes.forEach<Change>(block * kBlock, to, [&](std::size_t event, Change change) {
            live += change;
            if (event >= from) most = std::max(most, live);
        });
        return most;
    };
    if (changes.isWide()) return saturated(static_cast<WideSum>(highestFrom(before(behindWide, block))));
    return highestFrom(before(behind, block));
}

LiveBytes::LiveBytes(std::shared_ptr<const Analysis> analysis, Flags lifetimesShown)
    : m_sums(std::make_shared<Sums>()) {
    m_sums->analysis = std::move(analysis);
    m_sums->lifetimesShown = std::move(lifetimesShown);
}

bool LiveBytes::isPrepared() const { return m_sums == nullptr || m_sums->isReady; }

void LiveBytes::prepare(const TaskContext& task) const {
    if (isPrepared()) return;
    const std::lock_guard lock(m_sums->mutex);
    if (!m_sums->isReady && m_sums->make(task)) m_sums->isReady = true;
}

const LiveBytes::Sums& LiveBytes::sums() const {
    static const Sums kNone;
    if (m_sums == nullptr) return kNone;
    prepare({});
    return *m_sums;
}

std::uint64_t LiveBytes::peak() const {
    const auto& highest = sums().highest;
    return highest.empty() || highest.back().empty() ? 0 : highest.back().front();
}

std::uint64_t LiveBytes::behind(EventId event) const { return sums().highestInside(event.index(), event.index() + 1); }

std::uint64_t LiveBytes::peakBetween(std::size_t from, std::size_t to) const {
    const Sums& all = sums();
    to = std::min(to, all.changes.events());
    if (from >= to) return 0;
    const std::size_t first = (from + kBlock - 1) / kBlock;
    const std::size_t end = to / kBlock;
    if (first > end) return all.highestInside(from, to);
    // Blocks that are cut are summed up only where they could be higher than those between.
    std::uint64_t most = all.highestOfBlocks(first, end);
    const auto isHigher = [&](std::size_t block) { return all.highest.front()[block] > most; };
    if (from < first * kBlock && isHigher(first - 1)) most = std::max(most, all.highestInside(from, first * kBlock));
    if (to > end * kBlock && isHigher(end)) most = std::max(most, all.highestInside(end * kBlock, to));
    return most;
}

std::vector<std::uint64_t> LiveBytes::columns(const Trace& trace, AcrossMode mode, const PixelMap& map) const {
    std::vector<std::uint64_t> result(static_cast<std::size_t>(map.width), 0);
    const std::size_t events = sums().changes.events();
    if (events == 0) return result;
    std::size_t from = firstEventFrom(trace, mode, map.across(0));
    for (int x = 0; x < map.width; ++x) {
        const std::size_t to = firstEventFrom(trace, mode, map.across(x + 1));
        std::uint64_t& value = result[static_cast<std::size_t>(x)];
        if (to > from) {
            value = peakBetween(from, to);
        } else if (from > 0) {
            value = behind(EventId(std::min(from, events) - 1));
        }
        from = std::max(from, to);
    }
    return result;
}

std::string liveBytesText(std::uint64_t bytes) { return bytes == kSaturated ? "over 16 EiB" : formatBytes(bytes); }

}  // namespace alloclens
