// SPDX-License-Identifier: GPL-3.0-or-later
//
// The mesh's tab: the heat map's pixels, what a click and the keys select, and what is said where there is nothing.
#include <QAction>
#include <QComboBox>
#include <QHelpEvent>
#include <QLabel>
#include <QScrollBar>
#include <QTabWidget>
#include <QToolButton>
#include <QToolTip>

#include "app/gui/look/theme.h"
#include "app/gui/panels/inspector/inspector.h"
#include "app/gui/panels/mesh/mesh_cell.h"
#include "app/gui/panels/mesh/mesh_map.h"
#include "app/gui/panels/mesh/mesh_panel.h"
#include "app/gui/panels/mesh/mesh_words.h"
#include "app/gui/timeline/timeline_view.h"
#include "app/gui/window/theme_choice.h"
#include "app/gui/window/workspace.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

QByteArray on(int device, int address, const char* sentence) {
    return QByteArray(sentence).replace("%d", QByteArray::number(device)).replace("%a", QByteArray::number(address));
}
constexpr const char* kAllocated = "[PID 7] Allocated 1024 bytes of L1 on device %d (buffer_id=%a)\n";
constexpr const char* kLarger = "[PID 7] Allocated 2048 bytes of L1 on device %d (buffer_id=%a)\n";
constexpr const char* kFreed = "[PID 7] Freed buffer %a on device %d (1024 bytes, FINAL)\n";
constexpr const char* kLargerFreed = "[PID 7] Freed buffer %a on device %d (2048 bytes, FINAL)\n";
constexpr const char* kRefused = "[PID 7] Deallocation for unknown buffer %a on device %d\n";

int addressOf(int buffer) { return 4096 + 64 * buffer; }

// Devices [from, to) in step at forty addresses.
QByteArray steps(int from, int to, int firstBuffer = 0) {
    QByteArray log;
    for (int buffer = firstBuffer; buffer < firstBuffer + 40; ++buffer) {
        for (int device = from; device < to; ++device) log += on(device, addressOf(buffer), kAllocated);
        for (int device = from; device < to; ++device) log += on(device, addressOf(buffer), kFreed);
    }
    return log;
}

// Eight devices in step but for: the free of buffer 5 on device 2 is lacking, device 1 frees buffer 9 twelve times
// more, device 3 never had buffer 20, and device 4 has a larger one in place of 30.
QByteArray meshLog() {
    QByteArray log;
    for (int buffer = 0; buffer < 40; ++buffer) {
        const int address = addressOf(buffer);
        const auto isAbsent = [buffer](int device) { return buffer == 20 && device == 3; };
        const auto isLarger = [buffer](int device) { return buffer == 30 && device == 4; };
        for (int device = 0; device < 8; ++device) {
            if (!isAbsent(device)) log += on(device, address, isLarger(device) ? kLarger : kAllocated);
        }
        for (int device = 0; device < 8; ++device) {
            if (isAbsent(device) || (buffer == 5 && device == 2)) continue;
            log += on(device, address, isLarger(device) ? kLargerFreed : kFreed);
        }
        for (int i = 0; buffer == 9 && i < 12; ++i) log += on(1, address, kRefused);
    }
    return log;
}

// Devices 0 to 3 in step and, at other addresses, 4 to 7; devices 1 and 6 depart.
QByteArray twoMeshes() {
    QByteArray log;
    for (int buffer = 0; buffer < 40; ++buffer) {
        for (int device = 0; device < 8; ++device) {
            const int address = addressOf(device < 4 ? buffer : buffer + 100);
            log += on(device, address, kAllocated) + on(device, address, kFreed);
            if (buffer == 3 && (device == 1 || device == 6)) log += on(device, address, kRefused);
        }
    }
    return log;
}

class MeshTest : public WindowTest {
protected:
    ~MeshTest() override { applyTheme(ThemeChoice::Light); }

    MeshPanel& panel() { return *window->findChild<MeshPanel*>(); }
    MeshMap& map() { return *window->findChild<MeshMap*>("meshMap"); }
    QLabel& note() { return *window->findChild<QLabel*>("meshNote"); }
    QString head() { return window->findChild<QLabel*>("meshHead")->text(); }
    void openMesh(const QByteArray& log) {
        open(writeFile("mesh.log", log));
        trigger(Command::ShowMesh);
        ASSERT_TRUE(soon([&] { return panel().matrix() != nullptr || note().text() != "Comparing …"; }));
        QApplication::processEvents();  // the sentence takes its room
    }
    [[nodiscard]] MeshMatrix::Place place(int device, int buffer) {
        const auto found = panel().matrix()->find(device, static_cast<std::uint64_t>(addressOf(buffer)));
        EXPECT_TRUE(found.has_value()) << "device " << device << " buffer " << buffer;
        return found.value_or(MeshMatrix::Place{});
    }
    [[nodiscard]] QColor pixel(QPoint position) {
        QApplication::processEvents();
        return map().viewport()->grab().toImage().pixelColor(position);
    }
    void click(int device, int buffer) {
        QTest::mouseClick(map().viewport(), Qt::LeftButton, {}, map().cellRect(place(device, buffer)).center());
    }
    [[nodiscard]] const MeshDivergence* selected() {
        const Selection& selection = state().selection();
        return selection.finding.isValid() ? state().analysis()->findings.mesh.of(selection.finding) : nullptr;
    }
};

TEST_F(MeshTest, ACellHasTheColourOfItsResidual) {
    openMesh(meshLog());
    ASSERT_EQ(panel().matrix()->divergences(), 4U);
    for (const Command command : {Command::ThemeLight, Command::ThemeDark}) {
        trigger(command);
        const Theme& theme = Theme::current();
        const auto corner = [this](int device, int buffer) {
            return map().cellRect(place(device, buffer)).topLeft() + QPoint(1, 1);
        };
        EXPECT_EQ(pixel(corner(2, 5)), theme.lacking[0]) << "one free is lacking";
        EXPECT_EQ(pixel(corner(1, 9)), theme.surplus[2]) << "twelve frees too many";
        EXPECT_EQ(pixel(corner(3, 20)), theme.lacking[1]) << "an allocation and a free are lacking";
        EXPECT_EQ(pixel(corner(4, 30)), theme.lacking[0]) << "the usual allocation is lacking";
        EXPECT_EQ(pixel(map().cellRect(place(4, 30)).topRight() + QPoint(-1, 1)), theme.surplus[0])
            << "and there is one of another size";
        const MeshMatrix::Place inStep{7, place(2, 5).column};
        EXPECT_EQ(pixel(map().cellRect(inStep).topLeft() + QPoint(1, 1)), theme.base) << "device 7 is in step";
    }
}

TEST_F(MeshTest, TheSentenceSaysWhatWasComparedAndWhatDeparts) {
    openMesh(meshLog());
    EXPECT_EQ(head().toStdString(),
              "8 devices run in step (0 to 7). Of 40 addresses compared, 36 are the same on all; at 4 some differ (4 "
              "divergences).");
    EXPECT_TRUE(window->findChild<MeshLegend*>()->isVisible());
    EXPECT_FALSE(window->findChild<QComboBox*>("meshChoice")->isVisible()) << "there is one mesh only";
}

TEST_F(MeshTest, AClickSelectsTheFindingAndInspectorAndTimelineFollow) {
    openMesh(meshLog());
    click(2, 5);
    ASSERT_NE(selected(), nullptr);
    EXPECT_EQ(selected()->device, 2);
    EXPECT_EQ(selected()->address, static_cast<std::uint64_t>(addressOf(5)));
    const Finding& finding = state().analysis()->findings.row(state().selection().finding);
    EXPECT_EQ(kindInfo(finding.kind).name, "mesh-divergence");
    EXPECT_EQ(state().selection().address, finding.address);
    EXPECT_TRUE(soon([&] {
        const auto labels = window->findChild<Inspector*>()->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->text().contains("device 2 lacks 1 free that 7 devices in step have");
        });
    }));
    const auto& timeline = *window->findChild<TimelineView*>("timeline");
    ASSERT_TRUE(soon([&] { return timeline.isUpToDate(); }));
    const double across = acrossOf(*state().analysis()->trace, state().acrossMode(), finding.primary);
    EXPECT_GE(across, state().range().left);
    EXPECT_LT(across, state().range().right);
    EXPECT_EQ(map().current(), place(2, 5));
    EXPECT_EQ(window->findChild<QTabWidget*>("tables")->currentIndex(), Workspace::Mesh) << "the map stays in sight";
}

TEST_F(MeshTest, WhereADeviceNeverHadTheAddressTheDevicesInStepAreShown) {
    openMesh(meshLog());
    click(3, 20);
    ASSERT_NE(selected(), nullptr);
    EXPECT_EQ(selected()->device, 3);
    EXPECT_EQ(state().analysis()->key(state().selection().address).device, 0);
    EXPECT_EQ(map().current(), place(3, 20)) << "the cell that was clicked";
}

TEST_F(MeshTest, AClickOnACellInStepSelectsNothing) {
    openMesh(meshLog());
    const QRect rect = map().cellRect({7, place(2, 5).column});
    QTest::mouseClick(map().viewport(), Qt::LeftButton, {}, rect.center());
    EXPECT_TRUE(state().selection().isEmpty());
}

TEST_F(MeshTest, WhatIsSelectedElsewhereIsOutlined) {
    openMesh(meshLog());
    for (const MeshDivergence& of : state().analysis()->findings.mesh.divergences) {
        state().selectFinding(of.finding);
        ASSERT_TRUE(map().current().has_value());
        EXPECT_EQ(map().current(), panel().matrix()->find(of.device, of.address));
        const QRect cell = map().cellRect(*map().current());
        EXPECT_EQ(pixel(QPoint(cell.left(), cell.center().y())), Theme::current().accent);
    }
    state().clearSelection();
    EXPECT_EQ(map().current(), std::nullopt);
}

TEST_F(MeshTest, TheKeysGoFromOneDivergenceToTheNext) {
    openMesh(meshLog());
    QTest::keyClick(&map(), Qt::Key_Right);
    EXPECT_EQ(map().current(), place(1, 9)) << "the first device that departs";
    QTest::keyClick(&map(), Qt::Key_Down);
    EXPECT_EQ(map().current(), place(2, 5));
    QTest::keyClick(&map(), Qt::Key_Down);
    QTest::keyClick(&map(), Qt::Key_Down);
    EXPECT_EQ(map().current(), place(4, 30));
    ASSERT_NE(selected(), nullptr);
    EXPECT_EQ(selected()->device, 4);
    QTest::keyClick(&map(), Qt::Key_Down);
    QTest::keyClick(&map(), Qt::Key_Right);
    EXPECT_EQ(map().current(), place(4, 30)) << "there is none after it";
    QTest::keyClick(&map(), Qt::Key_Up);
    EXPECT_EQ(map().current(), place(3, 20));
    EXPECT_EQ(selected()->device, 3);
}

TEST_F(MeshTest, TheTipNamesDeviceAddressResidualAndWhatIsLacking) {
    openMesh(meshLog());
    const auto tipAt = [this](QPoint position) {
        QHelpEvent help(QEvent::ToolTip, position, map().viewport()->mapToGlobal(position));
        QApplication::sendEvent(map().viewport(), &help);
        return QToolTip::text();
    };
    EXPECT_EQ(tipAt(map().cellRect(place(2, 5)).center()).toStdString(),
              "device 2 · 4416 (0x1140)\ndifference \u22121: device 2 lacks 1 free that 7 devices in step have\n"
              "first at line 89");
    EXPECT_TRUE(tipAt(map().cellRect({7, place(2, 5).column}).center()).endsWith("in step"));
}

TEST_F(MeshTest, AltSevenOpensTheTab) {
    open(writeFile("mesh.log", meshLog()));
    QTest::keyClick(window.get(), Qt::Key_7, Qt::AltModifier);
    EXPECT_EQ(window->findChild<QTabWidget*>("tables")->currentIndex(), Workspace::Mesh);
    EXPECT_TRUE(map().hasFocus());
}

TEST_F(MeshTest, AnEmptyTabSaysWhy) {
    openMesh(steps(0, 1));
    EXPECT_TRUE(note().isVisible());
    EXPECT_TRUE(note().text().contains("only one device")) << note().text().toStdString();
    openMesh(steps(0, 1) + steps(1, 2, 100));
    EXPECT_TRUE(note().text().contains("No devices of this log run in step")) << note().text().toStdString();
    openMesh(steps(0, 4));
    EXPECT_TRUE(soon([&] { return note().text().contains("agree at all of 40 addresses"); }))
        << note().text().toStdString();
    EXPECT_TRUE(head().startsWith("4 devices run in step (0 to 3)")) << head().toStdString();
    EXPECT_FALSE(window->findChild<MeshLegend*>()->isVisible());
}

TEST_F(MeshTest, TheFilterHidesCellsAndTheTabSaysSo) {
    openMesh(meshLog());
    filter("device:2");
    ASSERT_TRUE(soon([&] { return panel().matrix() && panel().matrix()->hidden() == 3; }));
    EXPECT_EQ(panel().matrix()->divergences(), 1U);
    EXPECT_TRUE(head().contains("(4 divergences)")) << head().toStdString();
    EXPECT_TRUE(head().endsWith("The filter hides 3 divergences.")) << head().toStdString();
    filter("device:7");
    EXPECT_TRUE(soon([&] {
        return note().isVisible() && note().text() == "The filter hides 4 divergences of this mesh.";
    })) << note().text().toStdString();
}

TEST_F(MeshTest, OneOfSeveralMeshesIsChosenAndASelectionChoosesItsOwn) {
    openMesh(twoMeshes());
    auto& choice = *window->findChild<QComboBox*>("meshChoice");
    ASSERT_EQ(choice.count(), 2);
    EXPECT_TRUE(choice.isVisible());
    EXPECT_EQ(choice.itemText(1), "devices 4 to 7");
    EXPECT_EQ(panel().matrix()->devices().front(), 0);
    choice.setCurrentIndex(1);
    ASSERT_TRUE(soon([&] { return panel().matrix() && panel().matrix()->devices().front() == 4; }));
    EXPECT_TRUE(head().contains("(4 to 7)")) << head().toStdString();
    state().selectFinding(state().analysis()->findings.mesh.divergences.front().finding);
    ASSERT_TRUE(soon([&] { return panel().matrix() && panel().matrix()->devices().front() == 0; }));
    EXPECT_EQ(choice.currentIndex(), 0);
    EXPECT_EQ(map().current(), place(1, 3));
}

TEST_F(MeshTest, AnotherMeshCanBeChosenWhileADivergenceIsSelected) {
    openMesh(twoMeshes());
    auto& choice = *window->findChild<QComboBox*>("meshChoice");
    const auto firstDevice = [this] { return panel().matrix() ? panel().matrix()->devices().front() : -1; };
    click(1, 3);
    ASSERT_NE(selected(), nullptr);
    choice.setCurrentIndex(1);
    ASSERT_TRUE(soon([&] { return firstDevice() == 4; }));
    EXPECT_EQ(choice.currentIndex(), 1);
    EXPECT_FALSE(map().current().has_value());
    ASSERT_NE(selected(), nullptr) << "it stays selected";
    trigger(Command::ShowFindings);
    filter("kind:mesh-divergence");
    EXPECT_EQ(panel().matrix(), nullptr);
    state().clearSelection();
    state().selectFinding(state().analysis()->findings.mesh.divergences.front().finding);
    trigger(Command::ShowMesh);
    EXPECT_TRUE(soon([&] { return firstDevice() == 0; })) << "what was selected meanwhile chooses its own";
    EXPECT_EQ(map().current(), place(1, 3));
}

// Divergences of many devices at many addresses: of device 40 at one of them only.
std::shared_ptr<const MeshMatrix> largeMatrix(std::uint64_t addresses, std::uint64_t only) {
    MeshParity parity;
    Mesh& mesh = parity.meshes.emplace_back();
    for (std::int32_t device = 0; device < 64; ++device) mesh.devices.push_back(device);
    for (std::uint64_t i = 0; i < addresses; ++i) {
        for (std::int32_t device = 0; device < 64; device += 3) {
            if (device == 40 && i != only) continue;
            MeshDivergence& of = parity.divergences.emplace_back();
            of.device = device;
            of.address = 4096 + 64 * i;
            of.lackedFrees = static_cast<std::uint32_t>(i % 2);
            of.extraFrees = 1 - of.lackedFrees;
        }
        if (i != only) continue;
        MeshDivergence& of = parity.divergences.emplace_back();
        of.device = 40;
        of.address = 4096 + 64 * i;
        of.lackedFrees = 1;
    }
    return std::make_shared<const MeshMatrix>(std::move(*MeshMatrix::of(parity, 0, nullptr, {})));
}

void expose(MeshMap& map, const std::shared_ptr<const MeshMatrix>& matrix, int height) {
    map.resize(900, height);
    map.setMatrix(matrix, AddressForm::Decimal);
    map.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&map));
}

void wheel(MeshMap& map, int turn, Qt::KeyboardModifiers modifiers) {
    const QPointF at(500, 100);
    QWheelEvent event(at, map.viewport()->mapToGlobal(at), {}, {0, turn}, Qt::NoButton, modifiers, Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(map.viewport(), &event);
}

TEST(MeshMapTest, OneDivergenceAmongManyAddressesKeepsItsPixels) {
    const auto matrix = largeMatrix(20'000, 12'345);
    MeshMap map;
    expose(map, matrix, 1200);
    const QRect cell = map.cellRect({40, 12'345});
    ASSERT_FALSE(cell.isNull());
    const QImage image = map.viewport()->grab().toImage();
    EXPECT_EQ(image.pixelColor(cell.topLeft() + QPoint(1, 1)), Theme::current().lacking[0]);
    int coloured = 0;
    for (int x = cell.left() - 300; x < cell.right() + 100; ++x)
        coloured += image.pixelColor(x, cell.top() + 1) == Theme::current().lacking[0] ? 1 : 0;
    EXPECT_EQ(coloured, cell.width()) << "and nothing else of its row";
}

TEST(MeshMapTest, ACellOfManyAddressesIsLookedIntoAndLeftAgain) {
    const auto matrix = largeMatrix(20'000, 12'345);
    MeshMap map;
    expose(map, matrix, 400);
    EXPECT_GT(map.verticalScrollBar()->maximum(), 0) << "sixty-four rows scroll";
    std::vector<std::uint32_t> picked;
    QObject::connect(&map, &MeshMap::picked, [&picked](std::uint32_t divergence) { picked.push_back(divergence); });
    map.setCurrent(MeshMatrix::Place{40, 12'345});
    ASSERT_FALSE(map.cellRect({40, 12'345}).isNull()) << "scrolled to";
    QTest::mouseDClick(map.viewport(), Qt::LeftButton, {}, map.cellRect({40, 12'345}).center());
    EXPECT_FALSE(map.showsAll());
    EXPECT_LE(map.visible().from, 12'345U);
    EXPECT_GT(map.visible().to, 12'345U);
    EXPECT_LT(map.visible().to - map.visible().from, 300U);
    QTest::keyClick(&map, Qt::Key_Return);
    bool isActivated = false;
    QObject::connect(&map, &MeshMap::activated, [&isActivated] { isActivated = true; });
    for (int i = 0; i < 4 && !isActivated; ++i) QTest::keyClick(&map, Qt::Key_Return);
    EXPECT_TRUE(isActivated) << "one address alone is shown everywhere";
    QTest::keyClick(&map, Qt::Key_Backspace);
    EXPECT_TRUE(map.showsAll());
}

TEST(MeshMapTest, TheWheelZoomsAndPansWithinTheAddresses) {
    const auto matrix = largeMatrix(1000, 500);
    MeshMap map;
    expose(map, matrix, 400);
    wheel(map, 240, Qt::ControlModifier);
    const std::size_t wide = map.visible().to - map.visible().from;
    EXPECT_NEAR(static_cast<double>(wide), 1000 / 2.25, 2);
    const std::size_t from = map.visible().from;
    EXPECT_GT(from, 100U) << "about the pointer";
    wheel(map, -120, Qt::ShiftModifier);
    EXPECT_GT(map.visible().from, from);
    for (int i = 0; i < 30; ++i) wheel(map, -120, Qt::ShiftModifier);
    EXPECT_EQ(map.visible().to, 1000U);
    EXPECT_EQ(map.visible().to - map.visible().from, wide);
    for (int i = 0; i < 30; ++i) wheel(map, 120, Qt::ControlModifier);
    EXPECT_EQ(map.visible().to - map.visible().from, 1U);
    for (int i = 0; i < 30; ++i) wheel(map, -120, Qt::ControlModifier);
    EXPECT_TRUE(map.showsAll());
}

TEST(MeshMapTest, TheKeysGoOnFromACellThatIsOutOfSight) {
    const auto matrix = largeMatrix(1000, 500);
    MeshMap map;
    expose(map, matrix, 400);
    wheel(map, 600, Qt::ControlModifier);
    map.setCurrent(MeshMatrix::Place{0, 0});
    for (int i = 0; i < 30; ++i) wheel(map, -120, Qt::ShiftModifier);
    ASSERT_GT(map.visible().from, 0U);
    QTest::keyClick(&map, Qt::Key_Right);
    EXPECT_EQ(map.current(), (MeshMatrix::Place{0, 1}));
    EXPECT_EQ(map.visible().from, 0U) << "brought into sight";
    map.setCurrent(MeshMatrix::Place{0, 999});
    for (int i = 0; i < 30; ++i) wheel(map, 120, Qt::ShiftModifier);
    ASSERT_LT(map.visible().to, 1000U);
    QTest::keyClick(&map, Qt::Key_Left);
    EXPECT_EQ(map.current(), (MeshMatrix::Place{0, 998}));
}

TEST(MeshMapTest, DevicesAreNamedInRanges) {
    EXPECT_EQ(deviceRangesText({0, 1, 2, 3}), "0 to 3");
    EXPECT_EQ(deviceRangesText({0, 2, 4, 5, 7, 8, 9}), "0, 2, 4, 5, 7 to 9");
    EXPECT_EQ(deviceRangesText({5}), "5");
}

}  // namespace
}  // namespace alloclens
