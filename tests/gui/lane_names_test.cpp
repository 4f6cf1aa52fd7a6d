// SPDX-License-Identifier: GPL-3.0-or-later
//
// The names beside the lanes at each size of the font, with few devices and many, in high windows and low ones.
#include "app/gui/timeline/lane_names.h"

#include <QFontMetricsF>
#include <QTest>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "tests/unit/support/log_fixture.h"

namespace alloclens {
namespace {

std::shared_ptr<const Scene> sceneOf(int devices) {
    std::string log;
    for (int device = 0; device < devices; ++device) {
        const std::string at = " on device " + std::to_string(device) + " ";
        for (int i = 0; i < 20; ++i) {
            const char* memory = i < 12 ? "DRAM" : i < 18 ? "L1" : "SYSTEM_MEMORY";
            log += "[PID 1] Allocated 64 bytes of " + std::string(memory) + at
                   + "(buffer_id=" + std::to_string(4096 + 64 * i) + ")\n";
        }
        log += "[PID 1] Deallocation for unknown buffer 64" + at + "(allocated before tracking started)\n";
    }
    auto scene = buildScene(test::analyseLog(log), {}, {}, {});
    EXPECT_TRUE(scene);
    return *scene;
}

/// The device that a name is of, by its text.
std::string numberIn(const QString& text) {
    std::string digits;
    for (const QChar letter : text) {
        if (letter.isDigit()) digits += letter.toLatin1();
    }
    return digits;
}

bool namesIt(const QString& text, Memory memory) {
    if (memory == Memory::SystemMemory) return text == "SYSTEM_MEMORY" || text == "SYSTEM" || text == "SYS";
    return text == QString::fromStdString(std::string(memoryName(memory)));
}

struct Case {
    int points;
    int devices;
    int width;
    int height;
};

void PrintTo(const Case& of, std::ostream* out) {
    *out << of.points << " pt, " << of.devices << " devices, " << of.width << " x " << of.height;
}

class EveryLane : public ::testing::TestWithParam<Case> {};

TEST_P(EveryLane, TellsItsDeviceAndNoNameRunsIntoAnother) {
    const Case& of = GetParam();
    const auto scene = sceneOf(of.devices);
    QFont font;
    font.setPointSize(of.points);
    const int margin = laneMargin(font, of.width);
    const PixelMap map{scene->fullRange(), of.width - margin - 12, of.height};
    const LaneNames names = laneNames(*scene, map, margin, font, false);
    std::set<std::string> told;
    for (std::size_t i = 0; i < names.names.size(); ++i) {
        const LaneName& name = names.names[i];
        const Lane& lane = scene->layout.lanes()[name.lane];
        EXPECT_GE(name.place.center().y(), map.y(lane.top) - 4) << name.text.toStdString();
        EXPECT_LE(name.place.center().y(), map.y(lane.bottom) + 4) << name.text.toStdString();
        EXPECT_LE(name.place.right(), margin);
        if (name.isDevice) {
            EXPECT_EQ(numberIn(name.text), std::to_string(lane.device));
            EXPECT_LE(QFontMetricsF(name.font).horizontalAdvance(name.text), name.place.width() + 0.5)
                << name.text.toStdString() << " is not cut";
            told.insert(numberIn(name.text));
        }
        for (std::size_t k = 0; k < i; ++k) {
            EXPECT_FALSE(names.names[k].place.intersects(name.place))
                << names.names[k].text.toStdString() << " and " << name.text.toStdString();
        }
    }
    EXPECT_EQ(told.size(), static_cast<std::size_t>(of.devices));
}

std::vector<Case> allCases() {
    std::vector<Case> cases;
    for (const int points : {9, 10, 12, 16}) {
        for (const int devices : {1, 8, 16, 32}) {
            for (const QSize size : {QSize(965, 560), QSize(520, 260), QSize(300, 150)}) {
                cases.push_back({points, devices, size.width(), size.height()});
            }
        }
    }
    return cases;
}

INSTANTIATE_TEST_SUITE_P(AtEachSize, EveryLane, ::testing::ValuesIn(allCases()));

TEST(LaneNames, TheNameOfAMemoryStandsAtTheMiddleOfItsRowsOrWithinThem) {
    const auto scene = sceneOf(4);
    const QFont font;
    for (const int height : {120, 200, 400, 900}) {
        const PixelMap map{scene->fullRange(), 700, height};
        for (const LaneName& name : laneNames(*scene, map, 164, font, false).names) {
            if (name.isDevice) continue;
            const auto& subLanes = scene->layout.lanes()[name.lane].subLanes;
            const auto own = std::find_if(subLanes.begin(), subLanes.end(), [&](const SubLane& subLane) {
                return name.text == QString::fromStdString(std::string(memoryName(subLane.memory)));
            });
            ASSERT_NE(own, subLanes.end()) << name.text.toStdString() << " is whole";
            const double middle = map.y((own->top + own->bottom) / 2);
            const bool isAtMiddle = name.place.top() <= middle + 0.5 && name.place.bottom() >= middle - 0.5;
            const bool isWithin = name.place.top() >= map.y(own->top) - 0.5
                                  && name.place.bottom() <= map.y(own->bottom) + 0.5;
            EXPECT_TRUE(isAtMiddle || isWithin) << name.text.toStdString() << ", height " << height;
        }
    }
}

TEST(LaneNames, EachMemoryIsNamedWhereItsRowsAreAsTallAsLetters) {
    const auto scene = sceneOf(8);
    QFont font;
    font.setPointSize(9);
    const int margin = laneMargin(font, 520);
    std::size_t low = 0;
    for (int height = 150; height <= 600; height += 10) {
        const PixelMap map{scene->fullRange(), 520 - margin - 12, height};
        const LaneNames names = laneNames(*scene, map, margin, font, false);
        for (std::size_t i = 0; i < scene->layout.lanes().size(); ++i) {
            for (const SubLane& subLane : scene->layout.lanes()[i].subLanes) {
                const double top = map.y(subLane.top);
                const double bottom = map.y(subLane.bottom);
                if (bottom - top < 7) continue;
                low += bottom - top < 10 ? 1 : 0;
                EXPECT_TRUE(std::any_of(names.names.begin(), names.names.end(),
                                        [&](const LaneName& name) {
                                            return !name.isDevice && name.lane == i && name.place.top() < bottom - 1
                                                   && name.place.bottom() > top + 1
                                                   && namesIt(name.text, subLane.memory);
                                        }))
                    << memoryName(subLane.memory) << ", " << bottom - top << " of " << height << " px";
            }
        }
    }
    EXPECT_GT(low, 0U) << "such rows were looked at";
}

// As the lanes of a log are in a small window: the rows of one memory are too low for letters, the lane is not.
TEST(LaneNames, LowRowsAreNamedWhereTheLaneHasRoom) {
    std::string log;
    for (int device = 0; device < 8; ++device) {
        for (int i = 0; i < 50; ++i) {
            log += "[PID 1] Allocated 64 bytes of " + std::string(i < 40 ? "DRAM" : "L1") + " on device "
                   + std::to_string(device) + " (buffer_id=" + std::to_string(4096 + 64 * i) + ")\n";
        }
    }
    const auto scene = buildScene(test::analyseLog(log), {}, {}, {});
    ASSERT_TRUE(scene);
    const PixelMap map{(*scene)->fullRange(), 400, 8 * 27};
    std::vector<int> named(8);
    for (const LaneName& name : laneNames(**scene, map, 90, QFont(), false).names) {
        if (name.text == "L1" || name.text == "DRAM") ++named[name.lane];
    }
    EXPECT_EQ(named, std::vector<int>(8, 2));
}

TEST(LaneNames, NoNameOfAMemoryIsCutOrInAnotherLane) {
    for (const int points : {9, 10, 12}) {
        const auto scene = sceneOf(8);
        QFont font;
        font.setPointSize(points);
        for (const int width : {520, 700, 965}) {
            const int margin = laneMargin(font, width);
            for (const int height : {150, 260, 400, 560}) {
                const PixelMap map{scene->fullRange(), width - margin - 12, height};
                for (const LaneName& name : laneNames(*scene, map, margin, font, false).names) {
                    const std::string text = name.text.toStdString();
                    const Lane& lane = scene->layout.lanes()[name.lane];
                    EXPECT_FALSE(name.text.contains(QChar(0x2026))) << text << " at " << width;
                    if (name.isDevice) continue;
                    EXPECT_GE(name.place.top(), map.y(lane.top) - 0.5) << text;
                    EXPECT_LE(name.place.bottom(), map.y(lane.bottom) + 0.5) << text;
                    EXPECT_LE(QFontMetricsF(name.font).horizontalAdvance(name.text), name.place.width() + 0.5) << text;
                }
            }
        }
    }
}

TEST(LaneNames, TheRowOfUnknownFreesHasOne) {
    const auto scene = sceneOf(2);
    const PixelMap map{scene->fullRange(), 700, 400};
    int unknown = 0;
    for (const LaneName& name : laneNames(*scene, map, 164, QFont(), false).names) unknown += name.text == "unknown";
    EXPECT_EQ(unknown, 2);
}

TEST(LaneNames, TheLongestThatFitsIsTaken) {
    const QFontMetrics metrics{QFont()};
    const int room = metrics.horizontalAdvance("whole");
    EXPECT_EQ(nameThatFits(metrics, 1000, {"whole trace", "whole"}), "whole trace");
    EXPECT_EQ(nameThatFits(metrics, room, {"whole trace", "whole"}), "whole");
}

}  // namespace
}  // namespace alloclens
