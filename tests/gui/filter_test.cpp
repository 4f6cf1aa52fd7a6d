// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QTreeView>

#include "app/gui/panels/findings/findings_model.h"
#include "app/gui/timeline/hidden_note.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class FilterTest : public WindowTest {};

TEST_F(FilterTest, ADeviceThatIsTypedLeavesItsRows) {
    openSample();
    filter("device:4");
    trigger(Command::ShowEvents);
    const QAbstractItemModel& events = *view("eventsView").model();
    ASSERT_TRUE(soon([&] { return events.rowCount() == static_cast<int>(state().filterResult()->eventCount); }));
    constexpr int kDevice = 5;
    for (int row = 0; row < events.rowCount(); ++row) {
        const QString device = events.index(row, kDevice).data().toString();
        ASSERT_TRUE(device == "4" || device == "–") << device.toStdString();  // a sweep names no device
    }
    EXPECT_TRUE(window->findChild<QLabel*>("statusDocument")->text().contains("the filter hides "));
}

TEST_F(FilterTest, AnAddressThatIsTypedLeavesItsRows) {
    openSample();
    filter("address:695055872 device:4");
    trigger(Command::ShowAddresses);
    const QAbstractItemModel& addresses = *view("addressesView").model();
    ASSERT_TRUE(soon([&] { return addresses.rowCount() == 1; }));
    EXPECT_EQ(addresses.index(0, 1).data().toString(), "695055872");
    EXPECT_EQ(addresses.index(0, 1).data(Qt::ToolTipRole).toString(), "0x296db600");
}

TEST_F(FilterTest, AFilterThatIsWrongSaysWhatIsExpectedAndTheLastOneStays) {
    openSample();
    filter("device:4");
    QTest::keyClicks(&filterEdit(), " memory:purple");
    const auto* problem = window->findChild<QLabel*>("filterProblem");
    EXPECT_TRUE(soon([&] { return problem->isVisible(); }));
    EXPECT_TRUE(problem->text().contains("purple")) << problem->text().toStdString();
    EXPECT_TRUE(problem->text().contains("L1_SMALL")) << problem->text().toStdString();
    EXPECT_EQ(state().filterText(), "device:4");
    trigger(Command::ClearFilter);
    EXPECT_TRUE(soon([&] { return !problem->isVisible() && state().filterResult() == nullptr; }));
    EXPECT_EQ(filterEdit().text(), "");
}

TEST_F(FilterTest, WhatWasProbablyMeantIsSuggested) {
    openSample();
    QTest::keyClicks(&filterEdit(), "kind:doublefree");
    QTest::keyClick(&filterEdit(), Qt::Key_Return);
    const auto* problem = window->findChild<QLabel*>("filterProblem");
    ASSERT_TRUE(soon([&] { return problem->isVisible(); }));
    EXPECT_TRUE(problem->text().contains("Did you mean double-free?")) << problem->text().toStdString();
}

TEST_F(FilterTest, ATextThatIsNotInForceIsMarkedAndEscBringsBackTheOneThatIs) {
    openSample();
    filter("device:4");
    const auto* hint = window->findChild<QLabel*>("filterHint");
    EXPECT_FALSE(hint->isVisible());
    QTest::keyClicks(&filterEdit(), " memory:purple");
    window->findChild<QWidget*>("lanes")->setFocus();
    EXPECT_TRUE(soon([&] { return hint->isVisible(); }));
    EXPECT_EQ(hint->text(), "not applied");
    EXPECT_EQ(state().filterText(), "device:4");
    EXPECT_EQ(filterEdit().text(), "device:4 memory:purple");
    filterEdit().setFocus();
    state().selectLine(14896);
    QTest::keyClick(&filterEdit(), Qt::Key_Escape);
    EXPECT_EQ(filterEdit().text(), "device:4");
    EXPECT_FALSE(hint->isVisible());
    EXPECT_EQ(state().selection().line, 14896U) << "Esc meant the text";
}

TEST_F(FilterTest, TabTakesTheFirstCompletion) {
    openSample();
    filterEdit().setFocus();
    QTest::keyClicks(&filterEdit(), "kin");
    ASSERT_NE(QApplication::activePopupWidget(), nullptr);
    QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Tab);
    EXPECT_EQ(filterEdit().text(), "kind:");
    EXPECT_TRUE(filterEdit().hasFocus());
}

TEST_F(FilterTest, ATargetThatTheFilterHidesIsAnnouncedWithAWayToShowIt) {
    openSample();
    filter("device:3");
    const auto* note = window->findChild<HiddenNote*>();
    EXPECT_FALSE(note->isVisible());
    state().selectLine(15261);
    EXPECT_TRUE(note->isVisible());
    EXPECT_EQ(note->findChild<QLabel*>()->text(), "The filter hides the selected finding.");
    QTest::mouseClick(note->findChild<QToolButton*>(), Qt::LeftButton);
    EXPECT_TRUE(soon([&] { return state().filterResult() == nullptr; }));
    EXPECT_FALSE(note->isVisible());
    EXPECT_EQ(filterEdit().text(), "");
}

TEST_F(FilterTest, AFilterThatHidesEverythingSaysSoOnTheTimeline) {
    openSample();
    filter("device:3 line:1..1");
    const auto* note = window->findChild<HiddenNote*>();
    EXPECT_TRUE(note->isVisible());
    EXPECT_EQ(note->findChild<QLabel*>()->text(), "The filter hides everything.");
}

TEST_F(FilterTest, UnknownMemoryHasABoxAndTheNameThatTheFilterHas) {
    open(writeFile("unknown.log", "[PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=64)\n"
                                  "[PID 7] Deallocation for unknown buffer 128 on device 0\n"));
    const QAbstractItemModel& side = *view("sideTree").model();
    ASSERT_TRUE(soon([&] { return side.rowCount() == 3; }));
    const QModelIndex memories = side.index(1, 0);
    const QModelIndex unknown = side.index(side.rowCount(memories) - 1, 0, memories);
    EXPECT_EQ(unknown.data().toString(), "unknown");
    EXPECT_TRUE(unknown.data(Qt::CheckStateRole).isValid());
    auto& tree = dynamic_cast<QTreeView&>(view("sideTree"));
    QTest::mouseClick(tree.viewport(), Qt::LeftButton, {}, tree.visualRect(unknown).center());
    EXPECT_EQ(state().filterText(), "memory:unknown");
}

TEST_F(FilterTest, AClickInTheSidePanelEditsTheFilter) {
    openSample();
    auto& tree = dynamic_cast<QTreeView&>(view("sideTree"));
    ASSERT_TRUE(soon([&] { return tree.model()->rowCount() == 3; }));
    const QModelIndex devices = tree.model()->index(0, 0);
    const auto click = [&](int row) {
        const QModelIndex index = tree.model()->index(row, 0, devices);
        QTest::mouseClick(tree.viewport(), Qt::LeftButton, {}, tree.visualRect(index).center());
    };
    click(4);
    EXPECT_TRUE(soon([&] { return filterEdit().text() == "device:4"; }));
    click(1);
    EXPECT_TRUE(soon([&] { return filterEdit().text() == "device:1,4"; }));
    EXPECT_EQ(tree.model()->index(4, 0, devices).data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
    click(4);
    click(1);
    EXPECT_TRUE(soon([&] { return filterEdit().text().isEmpty(); }));
}

TEST_F(FilterTest, TheMenuOfAFindingShowsOnlyItsCauseAndAllAgain) {
    openSample();
    filter("device:4");
    auto& tree = dynamic_cast<QTreeView&>(view("findingsView"));
    auto& model = dynamic_cast<FindingsModel&>(*tree.model());
    ASSERT_TRUE(soon([&] { return model.rowCount() > 0; }));
    auto* action = tree.findChild<QAction*>("causeAction");
    EXPECT_FALSE(action->isVisible()) << "no row is current";
    tree.setCurrentIndex(model.index(0, 0));
    ASSERT_EQ(model.causeAt(tree.currentIndex()), Cause::TeardownPool);
    EXPECT_EQ(action->text(), "Show only the cause teardown-pool");
    action->trigger();
    EXPECT_TRUE(soon([&] { return filterEdit().text() == "device:4 cause:teardown-pool" && model.rowCount() == 1; }));
    const auto& flags = state().filterResult()->findings;
    for (const Verdict& verdict : state().analysis()->findings.verdicts.rows) {
        ASSERT_EQ(flags[verdict.finding.index()] != 0 && verdict.cause != Cause::TeardownPool, false);
    }
    tree.setCurrentIndex(model.index(0, 0));
    EXPECT_EQ(action->text(), "Show all causes again");
    action->trigger();
    EXPECT_TRUE(soon([&] { return filterEdit().text() == "device:4"; }));
}

TEST_F(FilterTest, WhatIsTypedIsMarkedInTheSidePanel) {
    openSample();
    auto& tree = dynamic_cast<QTreeView&>(view("sideTree"));
    ASSERT_TRUE(soon([&] { return tree.model()->rowCount() == 3; }));
    filter("memory:DRAM device:2..3");
    const QModelIndex devices = tree.model()->index(0, 0);
    const auto checked = [&](int row) {
        return tree.model()->index(row, 0, devices).data(Qt::CheckStateRole).toInt() == int(Qt::Checked);
    };
    EXPECT_FALSE(checked(1));
    EXPECT_TRUE(checked(2));
    EXPECT_TRUE(checked(3));
}

TEST_F(FilterTest, AFilterThatHidesEverythingSaysSo) {
    openSample();
    filter("address:1");
    EXPECT_TRUE(soon([&] { return view("findingsView").model()->rowCount() == 0; }));
    QStringList notes;
    for (const auto* label : view("findingsView").findChildren<QLabel*>()) notes += label->text();
    EXPECT_TRUE(notes.join(' ').contains("The filter hides")) << notes.join(' ').toStdString();
}

TEST_F(FilterTest, BackReturnsToTheFilterBefore) {
    openSample();
    filter("device:4");
    filter("device:5");
    trigger(Command::Back);
    EXPECT_TRUE(soon([&] { return filterEdit().text() == "device:4"; }));
    EXPECT_TRUE(window->commands()[Command::Forward].isEnabled());
}

TEST_F(FilterTest, ATextThatWasNeverInForceIsClearedToo) {
    openSample();
    filterEdit().setFocus();
    QTest::keyClicks(&filterEdit(), "devce:4");
    const auto* problem = window->findChild<QLabel*>("filterProblem");
    ASSERT_TRUE(soon([&] { return problem->isVisible(); }));
    ASSERT_EQ(state().filterText(), "");
    trigger(Command::ClearFilter);
    EXPECT_EQ(filterEdit().text(), "");
    EXPECT_FALSE(problem->isVisible());
}

TEST_F(FilterTest, AClickInTheSidePanelKeepsWhatItDoesNotList) {
    openSample();
    auto& tree = dynamic_cast<QTreeView&>(view("sideTree"));
    ASSERT_TRUE(soon([&] { return tree.model()->rowCount() == 3; }));
    const auto click = [&](int row) {
        const QModelIndex index = tree.model()->index(row, 0, tree.model()->index(0, 0));
        QTest::mouseClick(tree.viewport(), Qt::LeftButton, {}, tree.visualRect(index).center());
    };
    filter("device:>=6");
    click(2);
    EXPECT_TRUE(soon([&] { return filterEdit().text() == "device:>=6,2"; })) << filterEdit().text().toStdString();
    click(2);
    EXPECT_TRUE(soon([&] { return filterEdit().text() == "device:>=6"; })) << filterEdit().text().toStdString();
    filter("device:0x4,none,3");
    click(2);
    EXPECT_TRUE(soon([&] { return filterEdit().text() == "device:0x4,none,2,3"; }))
        << filterEdit().text().toStdString();
}

}  // namespace
}  // namespace alloclens
