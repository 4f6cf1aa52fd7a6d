// SPDX-License-Identifier: GPL-3.0-or-later
//
// The colour modes of the timeline: what each colour stands for, and which one a lifetime has.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "core/base/parallel.h"
#include "core/base/units.h"
#include "core/timeline/picture.h"

namespace alloclens {
namespace {

// Sizes in steps of sixteen: below 4 KiB, below 64 KiB, below 1 MiB, below 16 MiB, below 256 MiB, and above.
constexpr int kSizeColours = 6;
constexpr int kSmallestSizeBits = 12;
constexpr int kBitsAStep = 4;
constexpr int kProcessColours = 6;

enum EndColour { kLive, kFreedOnce, kLeaked, kSwept, kFreedAgain, kEndColours };

int sizeColour(std::uint64_t size) {
    if (size == kNoSize) return 0;
    const int bits = static_cast<int>(std::bit_width(size)) - 1;
    return std::clamp((bits - kSmallestSizeBits + kBitsAStep) / kBitsAStep, 0, kSizeColours - 1);
}

/// What the findings say of a lifetime.
struct Faults {
    bool isFreedAgain = false;
    bool isLeaked = false;
};

// What is live while a log ends, or still grows, is a leak only where a finding says so.
int endColour(const Lifetime& lifetime, const Faults& faults) {
    if (faults.isFreedAgain) return kFreedAgain;
    if (lifetime.end == LifetimeEnd::Swept) return kSwept;
    if (faults.isLeaked) return kLeaked;
    return lifetime.end == LifetimeEnd::Open || lifetime.end == LifetimeEnd::Restarted ? kLive : kFreedOnce;
}

}  // namespace

int colourCount(ColourMode mode) {
    switch (mode) {
    case ColourMode::Memory: return kMemoryCount;
    case ColourMode::SizeClass: return kSizeColours;
    case ColourMode::Process: return kProcessColours;
    case ColourMode::Finding: return kEndColours;
    }
    return 1;
}

std::string colourMeaning(const Analysis& analysis, ColourMode mode, int index) {
    switch (mode) {
    case ColourMode::Memory: return std::string(memoryName(static_cast<Memory>(index)));
    case ColourMode::SizeClass: {
        const auto limit = [](int step) {
            return formatBytes(std::uint64_t{1} << (kSmallestSizeBits + kBitsAStep * step));
        };
        if (index + 1 == kSizeColours) return "from " + limit(index - 1);
        return "below " + limit(index);
    }
    case ColourMode::Process: {
        const auto& processes = analysis.trace->processes;
        std::string pids;
        for (std::size_t i = static_cast<std::size_t>(index); i < processes.size(); i += kProcessColours) {
            constexpr std::size_t kLongest = 24;
            if (pids.size() > kLongest) return pids + " ...";
            pids += fmt::format("{}{}", pids.empty() ? "" : ", ", processes[i]);
        }
        return pids;
    }
    case ColourMode::Finding: {
        static constexpr std::array kMeanings = {"live at the end", "freed once", "leaked", "swept", "freed again"};
        return kMeanings[static_cast<std::size_t>(index)];
    }
    }
    return {};
}

std::vector<std::uint8_t> lifetimeClasses(const Analysis& analysis, ColourMode mode) {
    const Replay& replay = analysis.replay;
    std::vector<Faults> faults;
    if (mode == ColourMode::Finding) {
        faults.resize(replay.lifetimes.size());
        for (const Finding& finding : analysis.findings.rows) {
            const auto kind = static_cast<FindingKind>(finding.kind);
            if (kind == FindingKind::DoubleFree) faults[finding.lifetime.index()].isFreedAgain = true;
            if (kind == FindingKind::Leak) faults[finding.lifetime.index()].isLeaked = true;
        }
    }
    const auto colourOf = [&](const Lifetime& lifetime, std::size_t i) {
        switch (mode) {
        case ColourMode::Memory: return static_cast<int>(lifetime.memory);
        case ColourMode::SizeClass: return sizeColour(lifetime.size);
        case ColourMode::Process:
            return lifetime.owner.isValid() ? static_cast<int>(lifetime.owner.value % kProcessColours) : 0;
        case ColourMode::Finding: return endColour(lifetime, faults[i]);
        }
        return 0;
    };
    std::vector<std::uint8_t> classes(replay.lifetimes.size());
    constexpr std::size_t kBatch = 64 * 1024;
    inParallel((classes.size() + kBatch - 1) / kBatch, [&] {
        return [&](std::size_t batch) {
            const std::size_t end = std::min(classes.size(), (batch + 1) * kBatch);
            for (std::size_t i = batch * kBatch; i < end; ++i) {
                const Lifetime& lifetime = replay.lifetime(LifetimeId(i));
                const int shade = lifetime.generation % 2 == 0 ? 1 : 0;
                classes[i] = static_cast<std::uint8_t>(1 + 2 * colourOf(lifetime, i) + shade);
            }
        };
    });
    return classes;
}

}  // namespace alloclens
