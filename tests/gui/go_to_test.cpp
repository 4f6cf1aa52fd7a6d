// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QLineEdit>

#include "app/gui/go_to_box.h"
#include "app/gui/go_to_target.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class GoToTest : public WindowTest {};

TEST_F(GoToTest, ALineAnAddressAndAnEventAreToldApart) {
    openSample();
    const Analysis& analysis = *state().analysis();
    EXPECT_EQ(parseGoTo("15261", analysis).words, "line 15,261");
    EXPECT_EQ(parseGoTo("line 15,261", analysis).words, "line 15,261");
    EXPECT_TRUE(std::holds_alternative<EventId>(parseGoTo("#12", analysis).place));
    EXPECT_TRUE(std::holds_alternative<EventId>(parseGoTo("event 12", analysis).place));
    EXPECT_EQ(parseGoTo("4:695055872", analysis).words, "address 695055872 (0x296db600) on device 4");
    EXPECT_EQ(parseGoTo("device 4 0x296db600", analysis).words, "address 695055872 (0x296db600) on device 4");
}

TEST_F(GoToTest, WhatIsNotThereIsSaid) {
    openSample();
    const Analysis& analysis = *state().analysis();
    for (const char* text : {"", "0", "line 99999999", "event 0", "0x1", "nonsense", "4:1"}) {
        const GoToTarget target = parseGoTo(text, analysis);
        EXPECT_TRUE(std::holds_alternative<std::monostate>(target.place)) << text;
        EXPECT_FALSE(target.words.isEmpty()) << text;
    }
}

TEST_F(GoToTest, EnterGoesThere) {
    openSample();
    trigger(Command::GoTo);
    auto* box = window->findChild<GoToBox*>("goToBox");
    ASSERT_NE(box, nullptr);
    auto* edit = box->findChild<QLineEdit*>();
    QTest::keyClicks(edit, "15261");
    QTest::keyClick(edit, Qt::Key_Return);
    EXPECT_EQ(state().selection().line, 15261U);
}

}  // namespace
}  // namespace alloclens
