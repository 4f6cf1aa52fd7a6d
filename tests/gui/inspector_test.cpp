// SPDX-License-Identifier: GPL-3.0-or-later
//
// How the inspector words and lays out what it tells.
#include "app/gui/panels/inspector/inspector.h"

#include <QLabel>

#include "app/gui/look/theme.h"
#include "app/gui/panels/inspector/inspector_page.h"
#include "app/gui/panels/source/source_marks.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class InspectorTest : public WindowTest {
protected:
    Inspector& inspector() { return *window->findChild<Inspector*>(); }
    void selectAndAwait(std::uint32_t line, const QString& words) {
        state().selectLine(line);
        ASSERT_TRUE(soon([&] { return inspector().shownText().contains(words); }))
            << inspector().shownText().toStdString();
    }
};

TEST_F(InspectorTest, ManyZeroBytesAreCounted) {
    QByteArray text = "[PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=64)\n";
    text += QByteArray(9'368, '\0') + "the rest\n";
    text += "[PID 7] Freed buffer 64 on device 0 (4096 bytes, FINAL)\n";
    open(writeFile("zeros.log", text));
    selectAndAwait(2, "[9,368 NUL bytes]the rest");
}

TEST_F(InspectorTest, LongWordsWrap) {
    const QByteArray word(300, 'x');
    open(writeFile("long.log", "[PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=64)\n" + word + '\n'));
    selectAndAwait(2, QString::fromLatin1(word));
    for (const auto* label : inspector().findChildren<QLabel*>()) {
        if (!label->isVisible()) continue;
        EXPECT_LE(label->mapTo(&inspector(), QPoint(label->width(), 0)).x(), inspector().viewport()->width());
        const int needed = label->heightForWidth(label->width());
        EXPECT_GE(label->height(), needed) << "all of its lines are in sight";
    }
}

TEST_F(InspectorTest, OfManyDevicesWithTheAddressTheFirstAreListedAndTheRestCounted) {
    constexpr int kDevices = 300;
    QByteArray text;
    for (int i = 0; i < kDevices; ++i)
        text += "[PID 7] Allocated 4096 bytes of L1 on device " + QByteArray::number(i) + " (buffer_id=64)\n";
    open(writeFile("devices.log", text));
    selectAndAwait(1, "and 43 more devices");
    EXPECT_TRUE(inspector().shownText().contains("device 256"));
    EXPECT_FALSE(inspector().shownText().contains("device 257"));
}

TEST_F(InspectorTest, AFreeOfWhatWasNeverAllocatedIsNotSaidToBeAgain) {
    open(writeFile("never.log", "[PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=64)\n"
                                "[PID 7] Deallocation for unknown buffer 128 on device 0\n"));
    selectAndAwait(2, "freed, never allocated");
    EXPECT_FALSE(inspector().shownText().contains("freed again"));
    EXPECT_EQ(markOfLine(state(), 2).role, "freed, never allocated");
}

TEST_F(InspectorTest, ADecidedCauseIsNotToldTwiceAndConfidenceIsNamed) {
    InspectorStory story;
    story.title = "64";
    story.verdict = "freed again by a stale owner (95 %)";
    story.blame = Blame::Program;
    story.isFirstTold = true;
    story.causes = {{"freed again by a stale owner (stale-owner, confidence 95 %)", {"a fact"}, {}},
                    {"reordered (reordered, confidence 20 %)", {}, {"another"}}};
    const QString html = storyEventsHtml(story, Theme::current());
    EXPECT_EQ(html.count("stale owner"), 1) << html.toStdString();
    EXPECT_TRUE(html.contains("a fact"));
    EXPECT_TRUE(html.contains("confidence 20 %"));
}

}  // namespace
}  // namespace alloclens
