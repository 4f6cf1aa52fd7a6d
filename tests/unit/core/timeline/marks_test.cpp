// SPDX-License-Identifier: GPL-3.0-or-later
//
// Marks of refused frees: on their event and row, and no zoom loses one.
#include "core/timeline/marks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <random>
#include <vector>

#include "tests/unit/support/small_scene.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

bool isRefusal(const Finding& finding) {
    const auto kind = static_cast<FindingKind>(finding.kind);
    return kind == FindingKind::DoubleFree || kind == FindingKind::UnknownFree || kind == FindingKind::FreeAfterSweep;
}

TEST(Marks, StandAtTheirEventAndAreTiedToWhereTheLifetimeEnded) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                           "foreign\n"
                                           "[PID 1] Deallocation for unknown buffer 32 on device 0\n"
                                           "[PID 1] Deallocation for unknown buffer 16 on device 0\n");
    const auto scene = test::sceneOf(analysis, {});
    ASSERT_EQ(scene->marks.size(), 2U);
    EXPECT_EQ(scene->marks[0].across, 2);
    EXPECT_EQ(scene->marks[0].tiedTo, 2) << "nothing had ended";
    EXPECT_EQ(scene->marks[1].across, 3);
    EXPECT_EQ(scene->marks[1].tiedTo, 1);
    const LayoutRow& row = scene->layout.rows()[scene->rowOf(LifetimeId(0U))];
    EXPECT_EQ(scene->marks[1].down, (row.top + row.bottom) / 2);

    SceneOptions byLine;
    byLine.acrossMode = AcrossMode::LineNumber;
    EXPECT_EQ(test::sceneOf(analysis, byLine)->marks[1].across, 5);
}

TEST(Marks, ThereIsOneForEveryShownRefusedFree) {
    for (std::uint64_t seed = 0; seed < 48; ++seed) {
        const auto scene = test::smallScene(seed);
        const auto& rows = scene->analysis->findings.rows;
        std::size_t expected = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const bool isShown = scene->filter.findings == nullptr || (*scene->filter.findings)[i] != 0;
            expected += isShown && isRefusal(rows[i]) ? 1 : 0;
        }
        ASSERT_EQ(scene->marks.size(), expected) << "seed " << seed;
        ASSERT_TRUE(std::is_sorted(scene->marks.begin(), scene->marks.end(),
                                   [](const Mark& a, const Mark& b) { return a.across < b.across; }));
    }
}

TEST(Marks, EveryVisibleOneIsInExactlyOneBinAtEveryZoom) {
    std::mt19937_64 random(2);
    std::size_t binned = 0;
    for (std::uint64_t seed = 0; seed < 48; ++seed) {
        const auto scene = test::smallScene(seed);
        for (int i = 0; i < 20; ++i) {
            const PixelMap map = test::randomView(*scene, random);
            const int cell = static_cast<int>(1 + random() % 20);
            const auto bins = binMarks(scene->marks, map, cell);
            std::size_t visible = 0;
            for (const Mark& mark : scene->marks) {
                visible += mark.across >= map.range.left && mark.across < map.range.right && mark.down >= map.range.top
                                   && mark.down < map.range.bottom
                               ? 1
                               : 0;
            }
            std::size_t counted = 0;
            for (const MarkBin& bin : bins) {
                ASSERT_GT(bin.count, 0U);
                ASSERT_LT(bin.firstMark, scene->marks.size());
                ASSERT_EQ(bin.x, map.x(scene->marks[bin.firstMark].across));
                ASSERT_EQ(bin.y, map.y(scene->marks[bin.firstMark].down));
                counted += bin.count;
            }
            ASSERT_EQ(counted, visible) << "seed " << seed;
            binned += counted;
        }
    }
    EXPECT_GT(binned, 1'000U) << "the views show marks";
}

TEST(Marks, BinsOfOneCellAreOne) {
    std::mt19937_64 random(3);
    for (std::uint64_t seed = 0; seed < 24; ++seed) {
        const auto scene = test::smallScene(seed);
        const PixelMap map = {scene->fullRange(), 300, 200};
        constexpr int kCell = 9;
        auto bins = binMarks(scene->marks, map, kCell);
        const auto cellOf = [](const MarkBin& bin) {
            return std::pair{static_cast<int>(bin.x) / kCell, static_cast<int>(bin.y) / kCell};
        };
        std::sort(bins.begin(), bins.end(), [&](const MarkBin& a, const MarkBin& b) { return cellOf(a) < cellOf(b); });
        ASSERT_EQ(std::adjacent_find(bins.begin(), bins.end(),
                                     [&](const MarkBin& a, const MarkBin& b) { return cellOf(a) == cellOf(b); }),
                  bins.end());
    }
}

TEST(Marks, AreCountedOnceWhereThereAreVeryMany) {
    std::mt19937_64 random(31);
    std::uniform_real_distribution<double> unit(0, 1);
    constexpr double kHeight = 40;
    const AcrossExtent extent{1, 300'001};
    std::vector<Mark> marks(120'000);
    for (std::size_t i = 0; i < marks.size(); ++i) {
        marks[i].across = 1 + std::floor(unit(random) * unit(random) * 300'000);
        marks[i].down = std::floor(unit(random) * kHeight) + 0.5;
    }
    std::sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.across < b.across; });
    const MarkIndex index(marks, extent, kHeight);
    for (int i = 0; i < 60; ++i) {
        ViewRange range;
        range.left = (unit(random) * 1.4 - 0.3) * 300'000;
        range.right = range.left + unit(random) * (i % 2 == 0 ? 400'000 : 20'000);
        range.top = (unit(random) * 1.4 - 0.3) * kHeight;
        range.bottom = range.top + unit(random) * (i % 3 == 0 ? 60 : 10);
        const PixelMap map{range, static_cast<int>(1 + random() % 1'600), static_cast<int>(1 + random() % 900)};
        const auto bins = index.bins(marks, map, 10);
        std::uint64_t counted = 0;
        for (const MarkBin& bin : bins) counted += bin.count;
        const auto visible = std::count_if(marks.begin(), marks.end(), [&range](const Mark& mark) {
            return mark.across >= range.left && mark.across < range.right && mark.down >= range.top
                   && mark.down < range.bottom;
        });
        ASSERT_EQ(counted, static_cast<std::uint64_t>(visible)) << "view " << i;
        const auto inSight = index.inSight(marks, range, marks.size());
        ASSERT_EQ(inSight.size(), counted);
        ASSERT_TRUE(std::is_sorted(inSight.begin(), inSight.end()));
        ASSERT_EQ(std::adjacent_find(inSight.begin(), inSight.end()), inSight.end());
        ASSERT_EQ(MarkIndex().inSight(marks, range, marks.size()), inSight);
        ASSERT_EQ(index.inSight(marks, range, 7).size(), std::min<std::size_t>(8, inSight.size()));
        // Glyphs stand where marks are, and no crowd is without one nearby.
        const auto plain = binMarks(marks, map, 10);
        for (const MarkBin& bin : plain) {
            const bool isNear = std::any_of(bins.begin(), bins.end(), [&bin](const MarkBin& other) {
                return std::abs(other.x - bin.x) <= 20 && std::abs(other.y - bin.y) <= 20;
            });
            ASSERT_TRUE(isNear) << "view " << i;
        }
    }
}

TEST(Marks, AreJudgedAsTheirFindingsAre) {
    const auto analysis = test::analyseLog(generator::referenceLog().log);
    const auto scene = test::sceneOf(analysis, {});
    std::array<std::size_t, kBlameCount> counts{};
    for (const Mark& mark : scene->marks) {
        ASSERT_EQ(mark.blame, blameOf(analysis->findings.verdicts.of(mark.finding)->cause));
        ++counts[static_cast<std::size_t>(mark.blame)];
    }
    for (std::size_t i = 0; i < counts.size(); ++i) EXPECT_EQ(scene->hasMarksOf[i], counts[i] > 0);
    EXPECT_GT(counts[static_cast<std::size_t>(Blame::Program)], 900U);
    EXPECT_GT(counts[static_cast<std::size_t>(Blame::Tracking)], 0U);
}

TEST(Marks, ABinIsAsGraveAsTheGravestInIt) {
    std::vector<Mark> marks(4);
    for (std::size_t i = 0; i < marks.size(); ++i) marks[i].across = static_cast<double>(i);
    for (Mark& mark : marks) mark.blame = Blame::Tracking;
    marks[1].blame = Blame::Undetermined;
    marks[3].blame = Blame::Program;
    const auto blameOfWhole = [&](double left, double right) {
        const auto bins = binMarks(marks, {{left, right, -1, 1}, 8, 8}, 20);
        return bins.size() == 1 ? std::optional(bins[0].blame) : std::nullopt;
    };
    EXPECT_EQ(blameOfWhole(0, 1), Blame::Tracking);
    EXPECT_EQ(blameOfWhole(0, 3), Blame::Undetermined);
    EXPECT_EQ(blameOfWhole(0, 4), Blame::Program);
}

TEST(Marks, NoZoomLosesTheGravestOfVeryMany) {
    std::mt19937_64 random(32);
    std::uniform_real_distribution<double> unit(0, 1);
    constexpr double kHeight = 40;
    std::vector<Mark> marks(120'000);
    for (std::size_t i = 0; i < marks.size(); ++i) {
        marks[i].across = static_cast<double>(i) + 1;
        marks[i].down = std::floor(unit(random) * kHeight) + 0.5;
        marks[i].blame = i % 1'000 == 7 ? Blame::Undetermined : Blame::Tracking;
    }
    marks[54'321].blame = Blame::Program;
    const MarkIndex index(marks, {1, 120'001}, kHeight);
    for (int i = 0; i < 60; ++i) {
        const double left = unit(random) * 54'000;
        const double right = 55'000 + unit(random) * 65'000;
        const PixelMap map{{left, right, -1, kHeight + 1}, static_cast<int>(50 + random() % 1'600), 700};
        const auto bins = index.bins(marks, map, 10);
        const auto grave = std::count_if(bins.begin(), bins.end(),
                                         [](const MarkBin& bin) { return bin.blame == Blame::Program; });
        ASSERT_EQ(grave, 1) << "view " << i;
        const auto bin = std::find_if(bins.begin(), bins.end(),
                                      [](const MarkBin& other) { return other.blame == Blame::Program; });
        ASSERT_NEAR(bin->x, map.x(marks[54'321].across), 20) << "view " << i;
        ASSERT_TRUE(std::any_of(bins.begin(), bins.end(),
                                [](const MarkBin& other) { return other.blame == Blame::Undetermined; }));
    }
}

TEST(Marks, AllOfTheReferenceLogAreThereAtFullExtent) {
    const auto scene = test::sceneOf(test::analyseLog(generator::referenceLog().log), {});
    const std::uint64_t refused = scene->analysis->replay.totals.unknownFrees;
    EXPECT_EQ(scene->marks.size(), refused);
    for (const int width : {1, 50, 1'900}) {
        const auto bins = binMarks(scene->marks, {scene->fullRange(), width, 700}, 8);
        EXPECT_EQ(std::accumulate(bins.begin(), bins.end(), std::uint64_t{0},
                                  [](std::uint64_t sum, const MarkBin& bin) { return sum + bin.count; }),
                  refused);
    }
}

}  // namespace
}  // namespace alloclens
