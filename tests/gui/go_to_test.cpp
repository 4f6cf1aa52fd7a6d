// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>

#include "app/gui/look/words.h"
#include "app/gui/window/go_to_box.h"
#include "app/gui/window/go_to_target.h"
#include "core/findings/detector.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class GoToTest : public WindowTest {
protected:
    [[nodiscard]] GoToAnswer goTo(const QString& text) { return parseGoTo(text, *state().analysis()); }
    [[nodiscard]] std::string words(const QString& text) { return goTo(text).words.toStdString(); }
    [[nodiscard]] AddressKey keyOf(const GoToTarget& target) {
        const auto* address = std::get_if<AddressId>(&target.place);
        return address == nullptr ? AddressKey{} : state().analysis()->key(*address);
    }
    QLineEdit& openBox() {
        trigger(Command::GoTo);
        return *window->findChild<GoToBox*>("goToBox")->findChild<QLineEdit*>();
    }
};

TEST_F(GoToTest, ALineAnAddressAndAnEventAreToldApart) {
    openSample();
    EXPECT_EQ(words("15261"), "line 15,261");
    EXPECT_EQ(words("line 15,261"), "line 15,261");
    EXPECT_EQ(words("line:15261"), "line 15,261");
    ASSERT_EQ(goTo("#12").targets.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<EventId>(goTo("#12").targets[0].place));
    EXPECT_TRUE(std::holds_alternative<EventId>(goTo("event 12").targets[0].place));
}

TEST_F(GoToTest, AnAddressOfADeviceIsUnderstoodInEveryWayOfWritingIt) {
    openSample();
    for (const char* text :
         {"4:695055872", "device 4 695055872", "695055872 device 4", "695055872 on device 4", "device 4 0x296db600",
          "0x296db600@4", "695055872@4", "address:695055872 device:4", "buffer_id=695055872 device 4"}) {
        const GoToAnswer answer = goTo(text);
        ASSERT_FALSE(answer.targets.empty()) << text << ": " << answer.words.toStdString();
        EXPECT_EQ(keyOf(answer.targets.front()), (AddressKey{4, 695055872})) << text;
        EXPECT_EQ(answer.targets.front().words, "address 695055872 (0x296db600) on device 4") << text;
    }
}

TEST_F(GoToTest, AnAddressWithoutADeviceIsOfferedOnEachDeviceThatHasIt) {
    openSample();
    const GoToAnswer answer = goTo("695055872");
    const std::size_t devices = state().analysis()->replay.keysOf(695055872).size();
    ASSERT_GT(devices, 1U);
    EXPECT_EQ(answer.targets.size(), devices);
    EXPECT_TRUE(answer.words.startsWith(QString::number(devices) + " devices have this address."));
}

TEST_F(GoToTest, FindingsOfAnAddressAreOfferedWithIt) {
    openSample();
    const GoToAnswer answer = goTo("695055872 device 4");
    ASSERT_GT(answer.targets.size(), 1U);
    const auto* finding = std::get_if<FindingId>(&answer.targets[1].place);
    ASSERT_NE(finding, nullptr);
    EXPECT_EQ(state().analysis()->trace->events.line[state().analysis()->findings.row(*finding).primary.index()],
              15261U);
}

TEST_F(GoToTest, ALifetimeIsNamedAsTheWindowNamesIt) {
    openSample();
    for (const char* text : {"695055872\u00b7g1 device 4", "4:695055872 g1", "695055872\u00b7g1@4", "0x296db600g1@4"}) {
        const GoToAnswer answer = goTo(QString::fromUtf8(text));
        ASSERT_EQ(answer.targets.size(), 1U) << text << ": " << answer.words.toStdString();
        const auto* lifetime = std::get_if<LifetimeId>(&answer.targets[0].place);
        ASSERT_NE(lifetime, nullptr) << text;
        EXPECT_EQ(state().analysis()->replay.lifetime(*lifetime).generation, 1U);
    }
    EXPECT_GT(goTo(QString::fromUtf8("695055872\u00b7g1")).targets.size(), 1U) << "several devices have it";
    EXPECT_TRUE(goTo(QString::fromUtf8("4:695055872\u00b7g99999")).targets.empty());
}

TEST_F(GoToTest, AFindingIsFoundByItsName) {
    openSample();
    state().selectLine(15261);
    const FindingId wanted = state().selection().finding;
    ASSERT_TRUE(wanted.isValid());
    const Analysis& analysis = *state().analysis();
    const std::string name = findingId(analysis.replay, analysis.findings.row(wanted));
    const GoToAnswer answer = goTo(toQString(name));
    ASSERT_EQ(answer.targets.size(), 1U) << name << ": " << answer.words.toStdString();
    EXPECT_EQ(std::get<FindingId>(answer.targets[0].place), wanted);
    EXPECT_EQ(words("double-free:4:0x1:g1:1"), "This trace has no finding double-free:4:0x1:g1:1.");
}

TEST_F(GoToTest, WordsThatAreNotUnderstoodAreSaidAndNeverDropped) {
    openSample();
    EXPECT_TRUE(goTo("695055872 foo 4").words.startsWith("Go to does not understand \"foo\" here."));
    for (const char* text : {"",
                             "0",
                             "line 99999999",
                             "event 0",
                             "0x1",
                             "nonsense",
                             "4:1",
                             "line",
                             "line 4 device 3",
                             "line 4 event 3",
                             "695055872 4",
                             "device 4",
                             "4:4:4",
                             "event 3 @4",
                             "line line 4",
                             "99999999999999999999",
                             "device 99999999999 0x1000",
                             "g3",
                             "#",
                             "@",
                             ":",
                             "4:"}) {
        const GoToAnswer answer = goTo(text);
        EXPECT_TRUE(answer.targets.empty()) << text;
        EXPECT_FALSE(answer.words.isEmpty()) << text;
    }
}

TEST_F(GoToTest, AnAddressInsideABufferIsSaidToBeUncertain) {
    open(writeFile("few.log", "[PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=8192)\n"
                              "[PID 7] Allocated 512 bytes of L1 on device 1 (buffer_id=8192)\n"));
    const GoToAnswer answer = goTo("0x2400");
    ASSERT_EQ(answer.targets.size(), 1U) << answer.words.toStdString();
    EXPECT_EQ(keyOf(answer.targets[0]), (AddressKey{0, 8192}));
    EXPECT_TRUE(answer.words.contains("totals over all banks")) << answer.words.toStdString();
    EXPECT_EQ(words("1:9216"), "Device 1 has no buffer at 9216.");
    EXPECT_EQ(words("4096"), "This trace has no buffer at 4096.");
}

TEST_F(GoToTest, EnterGoesThere) {
    openSample();
    QLineEdit& edit = openBox();
    QTest::keyClicks(&edit, "15261");
    QTest::keyClick(&edit, Qt::Key_Return);
    EXPECT_EQ(state().selection().line, 15261U);
}

TEST_F(GoToTest, OneOfSeveralPlacesIsChosenWithTheArrows) {
    openSample();
    QLineEdit& edit = openBox();
    QTest::keyClicks(&edit, "695055872");
    auto* list = window->findChild<QListWidget*>("goToList");
    ASSERT_TRUE(list->isVisible());
    ASSERT_GT(list->count(), 2);
    QTest::keyClick(&edit, Qt::Key_Down);
    QTest::keyClick(&edit, Qt::Key_Down);
    QTest::keyClick(&edit, Qt::Key_Return);
    EXPECT_EQ(state().analysis()->key(state().selection().address).device, 2);
}

TEST_F(GoToTest, EnterOnWhatIsNotUnderstoodStaysAndSaysSo) {
    openSample();
    QLineEdit& edit = openBox();
    QTest::keyClicks(&edit, "695055872 foo 4");
    QTest::keyClick(&edit, Qt::Key_Return);
    EXPECT_TRUE(edit.isVisible());
    EXPECT_TRUE(window->findChild<QLabel*>("goToWords")->text().contains("foo"));
    EXPECT_TRUE(state().selection().isEmpty());
}

}  // namespace
}  // namespace alloclens
