// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/scene.h"

#include <algorithm>
#include <atomic>

#include "core/base/parallel.h"

namespace alloclens {
namespace {

Scene::Classes classesByBar(const Analysis& analysis, const Bars& bars, ColourMode mode) {
    const std::vector<std::uint8_t> byLifetime = lifetimeClasses(analysis, mode);
    auto classes = std::make_shared<Column<std::uint8_t>>();
    classes->resize(bars.count());
    inParallel(bars.stripes().size(), [&] {
        return [&](std::size_t i) {
            const Bars::Stripe& stripe = bars.stripes()[i];
            for (std::uint32_t bar = stripe.firstBar; bar < stripe.endBar; ++bar) {
                (*classes)[bar] = byLifetime[bars.lifetime(bar).index()];
            }
        };
    });
    return classes;
}

/// Fills what depends on the filter: the classes of what it shows, which of them there are, and the slots with any.
std::vector<std::uint8_t> applyFilter(Scene& scene) {
    const Bars& bars = *scene.bars;
    std::vector<std::uint8_t> slotsShown(bars.allSlots().size(), 0);
    const auto& all = *scene.allClasses;
    std::shared_ptr<Column<std::uint8_t>> classes;
    if (scene.filter.lifetimes) {
        classes = std::make_shared<Column<std::uint8_t>>();
        classes->resize(all.size());
    }
    std::atomic<std::uint32_t> used = 0;
    inParallel(bars.stripes().size(), [&] {
        return [&](std::size_t i) {
            const Bars::Stripe& stripe = bars.stripes()[i];
            std::uint32_t usedHere = 0;
            for (std::uint32_t bar = stripe.firstBar; bar < stripe.endBar; ++bar) {
                if (classes) {
                    const bool isShown = (*scene.filter.lifetimes)[bars.lifetime(bar).index()];
                    (*classes)[bar] = isShown ? all[bar] : std::uint8_t{0};
                    if (!isShown) continue;
                    slotsShown[bars.slot(bar)] = 1;
                }
                usedHere |= 1U << all[bar];
            }
            used |= usedHere;
        };
    });
    scene.classesUsed = used;
    scene.classes = scene.allClasses;
    if (classes) {
        scene.classes = std::move(classes);
        return slotsShown;
    }
    for (std::size_t slot = 0; slot < slotsShown.size(); ++slot) {
        slotsShown[slot] = bars.allSlots()[slot].lifetimes > 0 ? 1 : 0;
    }
    return slotsShown;
}

}  // namespace

AcrossExtent Scene::extent() const {
    const AcrossExtent own = acrossExtent(*analysis->trace, options.acrossMode);
    if (!options.room) return own;
    return {std::min(own.from, options.room->from), std::max(own.to, options.room->to)};
}

ViewRange Scene::fullRange() const { return wholeRange(extent(), layout.height()); }

std::uint32_t Scene::rowOf(LifetimeId id) const {
    if (!shows(id)) return LaneLayout::kNoRow;
    const Lifetime& lifetime = analysis->replay.lifetime(id);
    return rowOf(lifetime.address, lifetime.memory);
}

LifetimeId Scene::lifetimeAt(double across, double down, double tolerance) const {
    const Replay& replay = analysis->replay;
    LifetimeId best;
    double bestDistance = tolerance;
    const auto [firstRow, endRow] = layout.rowsBetween(down, down + 1e-9);
    constexpr std::size_t kMostRows = 4096;  // on each other, where rows are not packed
    const std::size_t rows = std::min(endRow, firstRow + kMostRows);
    for (std::size_t i = firstRow; i < rows && !(best.isValid() && bestDistance == 0); ++i) {
        const LayoutRow& row = layout.rows()[i];
        const AddressSummary& address = replay.address(row.address);
        // Lifetimes of an address follow each other, so going away from the place they only get farther from it.
        const auto tryOne = [&](std::uint32_t id) {
            const Lifetime& lifetime = replay.lifetime(LifetimeId(id));
            const AcrossExtent extent = lifetimeExtent(*analysis->trace, options.acrossMode, lifetime);
            const double distance = std::max({0.0, extent.from - across, across - extent.to});
            if (distance > bestDistance) return false;
            if (lifetime.memory == row.memory && shows(LifetimeId(id))) {
                best = LifetimeId(id);
                bestDistance = distance;
            }
            return true;
        };
        const std::uint32_t first = address.lifetimes == 0 ? 0 : address.firstLifetime.value;
        const std::uint32_t end = first + address.lifetimes;
        std::uint32_t behind = first;
        for (std::uint32_t length = address.lifetimes; length > 0;) {
            const std::uint32_t half = length / 2;
            const EventId begin = replay.lifetime(LifetimeId(behind + half)).first;
            const bool isBefore = acrossOf(*analysis->trace, options.acrossMode, begin) <= across;
            behind = isBefore ? behind + half + 1 : behind;
            length = isBefore ? length - half - 1 : half;
        }
        for (std::uint32_t id = behind; id > first && tryOne(id - 1); --id) {}
        for (std::uint32_t id = behind; id < end && tryOne(id); ++id) {}
    }
    return best;
}

Result<std::shared_ptr<const Scene>> buildScene(std::shared_ptr<const Analysis> analysis, SceneFilter filter,
                                                const SceneOptions& options, const TaskContext& task,
                                                const Scene* previous) {
    if (previous != nullptr && previous->analysis != analysis) previous = nullptr;
    auto scene = std::make_shared<Scene>();
    scene->analysis = std::move(analysis);
    scene->options = options;
    if (!hasAxis(*scene->analysis->trace, options.acrossMode)) scene->options.acrossMode = AcrossMode::EventOrder;
    scene->filter = std::move(filter);
    if (previous != nullptr) {
        scene->bars = previous->bars;
    } else {
        auto bars = Bars::build(*scene->analysis, task);
        if (!bars) return bars.error();
        scene->bars = std::move(*bars);
    }
    const bool hasClasses = previous != nullptr && previous->options.colourMode == options.colourMode;
    scene->allClasses = hasClasses ? previous->allClasses
                                   : classesByBar(*scene->analysis, *scene->bars, options.colourMode);
    if (task.isCancelled()) return TaskContext::cancelled();
    const std::vector<std::uint8_t> slotsShown = applyFilter(*scene);
    LaneLayout::Options layout;
    layout.mode = options.downMode;
    layout.slotsShown = &slotsShown;
    layout.findingsShown = scene->filter.findings.get();
    scene->layout = LaneLayout::build(*scene->analysis, *scene->bars, layout);
    if (task.isCancelled()) return TaskContext::cancelled();
    scene->marks = findMarks(scene->source(), scene->filter.findings.get());
    for (const Mark& mark : scene->marks) scene->hasMarksOf[static_cast<std::size_t>(mark.blame)] = true;
    scene->markIndex = MarkIndex(scene->marks, scene->extent(), scene->layout.height());
    const bool hasBytes = previous != nullptr && previous->filter.lifetimes == scene->filter.lifetimes;
    scene->liveBytes = hasBytes ? previous->liveBytes : LiveBytes(scene->analysis, scene->filter.lifetimes);
    return std::shared_ptr<const Scene>(std::move(scene));
}

}  // namespace alloclens
