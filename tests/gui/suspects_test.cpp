// SPDX-License-Identifier: GPL-3.0-or-later
//
// Frees in question on the timeline: bracketed at their row and place, with the window that was exposed between the
// suspected free and the rightful one, at every zoom and in both themes.
#include <QAction>
#include <QLabel>

#include "app/gui/look/theme.h"
#include "app/gui/timeline/lane_names.h"
#include "app/gui/timeline/suspect_brackets.h"
#include "app/gui/timeline/timeline_view.h"
#include "app/gui/window/theme_choice.h"
#include "suspect_log.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class SuspectsTest : public WindowTest {
protected:
    ~SuspectsTest() override { applyTheme(ThemeChoice::Light); }

    void openSuspects() {
        open(writeFile("suspects.log", suspectLog()));
        ASSERT_EQ(state().analysis()->findings.suspicions.size(), 1U);
        settle();
    }
    void settle() {
        ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    }
    [[nodiscard]] TimelineView& timeline() { return *window->findChild<TimelineView*>("timeline"); }
    [[nodiscard]] const Suspicion& suspicion() { return state().analysis()->findings.suspicions.front(); }
    [[nodiscard]] const SuspectCandidate& candidate() { return suspicion().candidates.front(); }
    // The finding of the double free of an address.
    [[nodiscard]] FindingId refusedFree(std::uint64_t address) {
        const Analysis& analysis = *state().analysis();
        for (const Verdict& verdict : analysis.findings.verdicts.rows) {
            if (analysis.key(analysis.findings.row(verdict.finding).address).address == address) return verdict.finding;
        }
        return {};
    }
    [[nodiscard]] double acrossPixel(EventId event) {
        const ViewRange& range = state().range();
        const int left = laneMargin(timeline().font(), timeline().width());
        return left + (event.value - range.left) / (range.right - range.left) * (timeline().width() - left - 12);
    }
    [[nodiscard]] QImage picture() {
        QApplication::processEvents();
        return timeline().grab().toImage();
    }
    // Whether a pixel in or beside a place has nearly the colour of the brackets.
    [[nodiscard]] static bool isDrawn(const QImage& image, QPoint place) {
        const QColor wanted = Theme::current().text;
        for (int x = place.x() - 1; x <= place.x() + 1; ++x) {
            const QColor pixel = image.pixelColor(x, place.y());
            if (std::abs(pixel.lightness() - wanted.lightness()) < 60) return true;
        }
        return false;
    }
    void expectBracket(const QImage& image, EventId free) {
        const QRect rect = timeline().bracketOf(free);
        ASSERT_FALSE(rect.isNull());
        EXPECT_NEAR(rect.center().x(), acrossPixel(free), 2);
        EXPECT_GE(rect.height(), 14);
        EXPECT_TRUE(isDrawn(image, {rect.left(), rect.center().y()})) << "left side";
        EXPECT_TRUE(isDrawn(image, {rect.left() + rect.width(), rect.center().y()})) << "right side";
        EXPECT_TRUE(isDrawn(image, {rect.left() + 2, rect.top()})) << "its arm above";
    }
};

TEST_F(SuspectsTest, TheFreesInQuestionAreBracketedAtTheirRowAndPlace) {
    openSuspects();
    EXPECT_TRUE(timeline().bracketOf(candidate().free).isNull()) << "nothing is selected";
    state().selectFinding(suspicion().finding);
    for (const Command command : {Command::ThemeLight, Command::ThemeDark}) {
        trigger(command);
        settle();
        const QImage image = picture();
        expectBracket(image, candidate().free);
        expectBracket(image, suspicion().refused);
    }
    // On the row of the address, where the refused free is marked.
    const int row = timeline().positionOf(refusedFree(64)).y();
    const QRect rect = timeline().bracketOf(candidate().free);
    EXPECT_LE(rect.top(), row);
    EXPECT_GE(rect.bottom(), row);
    EXPECT_LE(rect.height(), 16) << "rows are thin at full extent, brackets are not";
}

TEST_F(SuspectsTest, TheExposureWindowRunsFromTheSuspectedFreeToTheRightfulOne) {
    openSuspects();
    state().selectFinding(suspicion().finding);
    settle();
    const QRect exposed = timeline().exposureWindow();
    EXPECT_NEAR(exposed.left(), acrossPixel(candidate().free), 2);
    EXPECT_NEAR(exposed.right(), acrossPixel(candidate().rightful), 2);
    const QImage image = picture();
    EXPECT_TRUE(isDrawn(image, {exposed.center().x(), exposed.top()}) || isDrawn(image, exposed.center()));
    state().selectFinding(refusedFree(640));
    EXPECT_TRUE(timeline().exposureWindow().isNull()) << "nobody is suspected there";
}

TEST_F(SuspectsTest, TheRefusedFreeShowsTheSameAsItsSuspect) {
    openSuspects();
    state().selectFinding(refusedFree(64));
    settle();
    expectBracket(picture(), candidate().free);
    state().clearSelection();
    EXPECT_TRUE(timeline().bracketOf(candidate().free).isNull());
}

TEST_F(SuspectsTest, OfARefusedFreeThatNobodyElseIsSuspectedForTheFreeBeforeItIsBracketed) {
    openSuspects();
    const FindingId finding = refusedFree(640);
    state().selectFinding(finding);
    settle();
    const Findings& findings = state().analysis()->findings;
    const EventId released = findings.eventIn(findings.row(finding), Role::Released);
    ASSERT_TRUE(released.isValid());
    expectBracket(picture(), released);
    EXPECT_TRUE(timeline().bracketOf(findings.row(finding).primary).isNull());
}

TEST_F(SuspectsTest, BracketsKeepTheirSizeAndStayInsideAtEveryZoom) {
    openSuspects();
    state().selectFinding(suspicion().finding);
    trigger(Command::Fit);
    settle();
    const QImage fitted = picture();
    expectBracket(fitted, candidate().free);
    expectBracket(fitted, suspicion().refused);
    // So close that the refused free is out of sight: the edge points to it.
    ViewRange range = state().range();
    range.left = candidate().free.value - 5;
    range.right = candidate().free.value + 5;
    timeline().showRange(range);
    settle();
    const QImage close = picture();
    expectBracket(close, candidate().free);
    const QRect beyond = timeline().bracketOf(suspicion().refused);
    EXPECT_GT(beyond.left(), timeline().width());
    const QRect exposed = timeline().exposureWindow();
    EXPECT_TRUE(isDrawn(close, {timeline().width() - 20, exposed.top()})
                || isDrawn(close, {timeline().width() - 20, exposed.top() + 1}))
        << "the exposure window goes on to the edge";
    // At the top of the lanes a bracket is still whole.
    range.top = 0;
    range.bottom = 400;
    timeline().showRange(range);
    settle();
    const int lanesTop = timeline().mapFromGlobal(window->findChild<QWidget*>("lanes")->mapToGlobal(QPoint())).y();
    EXPECT_GE(timeline().bracketOf(candidate().free).top(), lanesTop);
}

TEST_F(SuspectsTest, ABracketSaysWhatItIsWhenItIsPointedAt) {
    openSuspects();
    state().selectFinding(suspicion().finding);
    settle();
    QString heard;
    QObject::connect(&timeline(), &TimelineView::hovered, &timeline(), [&heard](const QString& text) { heard = text; });
    auto& lanes = *window->findChild<QWidget*>("lanes");
    QTest::mouseMove(&lanes, lanes.mapFrom(&timeline(), timeline().bracketOf(candidate().free).center()));
    EXPECT_TRUE(heard.contains("then the free refused at line")) << heard.toStdString();
    QTest::mouseMove(&lanes, lanes.mapFrom(&timeline(), timeline().exposureWindow().center()));
    EXPECT_TRUE(heard.contains("was in use from line")) << heard.toStdString();
}

TEST_F(SuspectsTest, WhatTheFilterHidesIsNotBracketed) {
    openSuspects();
    state().selectFinding(suspicion().finding);
    filter("address:640");
    settle();
    EXPECT_TRUE(timeline().bracketOf(candidate().free).isNull());
}

}  // namespace
}  // namespace alloclens
