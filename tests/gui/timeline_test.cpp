// SPDX-License-Identifier: GPL-3.0-or-later
//
// The timeline under a real mouse: the reference double free (allocated at line 14896, freed at 14936, freed again at
// 15261) is marked at its event, and a click on the mark leads to its lines.
#include <QFontInfo>
#include <QLabel>
#include <QRegularExpression>
#include <QSet>
#include <QWheelEvent>

#include <array>

#include "app/gui/look/theme.h"
#include "app/gui/look/verdict_mark.h"
#include "app/gui/panels/inspector/inspector.h"
#include "app/gui/panels/source/source_view.h"
#include "app/gui/timeline/lane_names.h"
#include "app/gui/timeline/lane_plot.h"
#include "app/gui/timeline/legend.h"
#include "app/gui/timeline/timeline_view.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class TimelineTest : public WindowTest {
protected:
    void openAndSettle() {
        openSample();
        ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    }

    [[nodiscard]] TimelineView& timeline() { return *window->findChild<TimelineView*>("timeline"); }
    [[nodiscard]] QWidget& lanes() { return *window->findChild<QWidget*>("lanes"); }

    [[nodiscard]] int margin() { return laneMargin(lanes().font(), lanes().width()); }
    [[nodiscard]] int lanesWidth() { return lanes().width() - margin() - LanePlot::kRightMargin; }

    [[nodiscard]] FindingId findingAtLine(std::uint32_t line) {
        const Analysis& analysis = *state().analysis();
        for (std::size_t i = 0; i < analysis.findings.rows.size(); ++i) {
            const EventId event = analysis.findings.rows[i].primary;
            if (analysis.trace->events.line[event.index()] == line) return FindingId(i);
        }
        return {};
    }

    [[nodiscard]] QPoint inLanes(FindingId finding) {
        return lanes().mapFrom(&timeline(), timeline().positionOf(finding));
    }

    // The pixels of a part of the lanes that have the colour of refused frees, or nearly.
    [[nodiscard]] std::vector<QPoint> refusedPixelsIn(const QRect& part, Blame blame = Blame::Program) {
        QApplication::processEvents();  // paints what is queued
        const QImage image = lanes().grab().toImage();
        const QRgb wanted = markColour(Theme::current(), blame).rgb();
        std::vector<QPoint> found;
        const QRect inside = part & image.rect();
        for (int y = inside.top(); y <= inside.bottom(); ++y) {
            for (int x = inside.left(); x <= inside.right(); ++x) {
                const QRgb pixel = image.pixel(x, y);
                const int distance = std::abs(qRed(pixel) - qRed(wanted)) + std::abs(qGreen(pixel) - qGreen(wanted))
                                     + std::abs(qBlue(pixel) - qBlue(wanted));
                if (distance < 60) found.emplace_back(x, y);
            }
        }
        return found;
    }
    [[nodiscard]] int refusedPixelsAround(QPoint place, int reach) {
        return static_cast<int>(refusedPixelsIn({place - QPoint(reach, reach), place + QPoint(reach, reach)}).size());
    }
};

TEST_F(TimelineTest, TheReferenceDoubleFreeIsMarkedAtItsEvent) {
    openAndSettle();
    const FindingId finding = findingAtLine(15261);
    ASSERT_TRUE(finding.isValid());
    // Marks that share ten pixels share a cross, so it may stand that far away.
    EXPECT_GE(refusedPixelsAround(inLanes(finding), 10), 8) << "at full extent";
    filter("device:4 address:695055872");
    ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    EXPECT_GE(refusedPixelsAround(inLanes(finding), 5), 8) << "alone on its row";
    // The place across is that of the event, within the pixel.
    const EventId event = state().analysis()->findings.row(finding).primary;
    const ViewRange& range = state().range();
    const double share = (event.value - range.left) / (range.right - range.left);
    EXPECT_NEAR(inLanes(finding).x(), margin() + share * lanesWidth(), 2);
}

TEST_F(TimelineTest, MarksHaveTheColourOfTheirVerdict) {
    openAndSettle();
    const Findings& findings = state().analysis()->findings;
    std::array<int, kBlameCount> seen{};
    for (const Verdict& verdict : findings.verdicts.rows) {
        const Blame blame = blameOf(verdict.cause);
        if (seen[static_cast<std::size_t>(blame)]++ > 0) continue;
        state().selectFinding(verdict.finding);
        timeline().fitSelection();
        ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
        const QPoint place = inLanes(verdict.finding);
        const QRect around(place - QPoint(6, 6), place + QPoint(6, 6));
        EXPECT_GE(refusedPixelsIn(around, blame).size(), 8U) << blameWords(blame);
    }
    EXPECT_GT(seen[static_cast<std::size_t>(Blame::Program)], 0);
    EXPECT_GT(seen[static_cast<std::size_t>(Blame::Tracking)], 0);
}

int vermilionPixels(const QImage& image) {
    const QRgb vermilion = Theme::current().refusedFree.rgb();
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) count += image.pixel(x, y) == vermilion ? 1 : 0;
    }
    return count;
}

TEST_F(TimelineTest, TheLegendExplainsTheMarksThatThereAre) {
    openAndSettle();
    const auto scene = buildScene(state().analysis(), {}, {}, {});
    ASSERT_TRUE(scene);
    const LegendEntries all = legendOf(**scene);
    EXPECT_EQ(all.colours.size(), 5U) << "memories";
    ASSERT_FALSE(all.marks.empty());
    EXPECT_EQ(all.marks.front(), Blame::Program) << "the gravest first";
    const QImage shown = window->findChild<QWidget*>("legend")->grab().toImage();
    EXPECT_GT(vermilionPixels(shown), 3);
    filter("-kind:double-free,unknown-free,free-after-sweep");
    ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    const QImage without = window->findChild<QWidget*>("legend")->grab().toImage();
    EXPECT_EQ(vermilionPixels(without), 0) << "no marks, nothing to explain";
}

TEST_F(TimelineTest, AClickOnTheMarkLeadsToItsLines) {
    openAndSettle();
    filter("device:4 address:695055872");
    ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    const FindingId finding = findingAtLine(15261);
    QTest::mouseClick(&lanes(), Qt::LeftButton, {}, inLanes(finding));
    EXPECT_EQ(state().selection().finding, finding);
    trigger(Command::ShowSource);
    auto* source = window->findChild<SourceView*>("sourceView");
    EXPECT_EQ(source->currentLine(), 15261U);
    EXPECT_TRUE(soon([&] { return source->shownText(15261).contains("unknown buffer 695055872 on device 4"); }));
    auto* inspector = window->findChild<Inspector*>("inspector");
    EXPECT_TRUE(soon([&] {
        const QString html = inspector->shownHtml();
        return html.contains("line 14,896") && html.contains("line 14,936") && html.contains("line 15,261");
    }));
}

TEST_F(TimelineTest, AClickOnABarSelectsItsLifetime) {
    openAndSettle();
    state().selectFinding(findingAtLine(15261));
    timeline().fitSelection();
    const QPoint mark = inLanes(findingAtLine(15261));
    state().clearSelection();
    const Analysis& analysis = *state().analysis();
    const Finding& finding = analysis.findings.row(findingAtLine(15261));
    const Lifetime& lifetime = analysis.replay.lifetime(finding.lifetime);
    const ViewRange& range = state().range();
    const double perEvent = lanesWidth() / (range.right - range.left);
    const double middle = (lifetime.first.value + lifetime.last.value) / 2.0;
    const QPoint bar(margin() + static_cast<int>((middle - range.left) * perEvent), mark.y());
    QTest::mouseClick(&lanes(), Qt::LeftButton, {}, bar);
    EXPECT_EQ(state().selection().lifetime, finding.lifetime);
    EXPECT_EQ(state().selection().line, 14896U);
}

TEST_F(TimelineTest, TheWheelZoomsAtTheCursor) {
    openAndSettle();
    const QPoint place(margin() + lanesWidth() * 2 / 5, 100);
    const auto underCursor = [&] {
        const ViewRange& range = state().range();
        return range.left + (place.x() - margin() * 1.0) / lanesWidth() * (range.right - range.left);
    };
    const double before = underCursor();
    const double width = state().range().right - state().range().left;
    QWheelEvent wheel(place, lanes().mapToGlobal(place), {}, QPoint(0, 480), Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&lanes(), &wheel);
    EXPECT_LT(state().range().right - state().range().left, width / 2);
    EXPECT_NEAR(underCursor(), before, width * 0.002);
}

TEST_F(TimelineTest, ADragSumsUpWhatItCovers) {
    openAndSettle();
    const QImage legend = window->findChild<QWidget*>("legend")->grab().toImage();
    QTest::mousePress(&lanes(), Qt::LeftButton, {}, QPoint(margin() + 2, 100));
    QTest::mouseMove(&lanes(), QPoint(margin() + 60, 100));
    QTest::mouseMove(&lanes(), QPoint(lanes().width() - 15, 100));
    QTest::mouseRelease(&lanes(), Qt::LeftButton, {}, QPoint(lanes().width() - 15, 100));
    auto* sums = window->findChild<QLabel*>("rangeSums");
    EXPECT_TRUE(sums->isVisible());
    EXPECT_TRUE(sums->text().contains("975 refused frees")) << sums->text().toStdString();
    EXPECT_TRUE(lanes().rect().contains(sums->geometry())) << "all of it can be read";
    EXPECT_EQ(window->findChild<QWidget*>("legend")->grab().toImage(), legend) << "so can the legend";
    QTest::mouseClick(&lanes(), Qt::LeftButton, {}, QPoint(margin() + 20, 100));
    EXPECT_FALSE(sums->isVisible());
}

TEST_F(TimelineTest, ADoubleClickOnEmptyGroundThrowsNothingAway) {
    openAndSettle();
    state().selectFinding(findingAtLine(15261));
    timeline().fitSelection();
    const ViewRange closer = state().range();
    for (const QPoint& place : {QPoint(margin() / 2, 60), QPoint(margin() + 3, 1)}) {  // a lane's name, the upper edge
        QTest::mouseDClick(&lanes(), Qt::LeftButton, {}, place);
        EXPECT_EQ(state().range(), closer) << place.x();
    }
    EXPECT_EQ(state().selection().line, 15261U) << "the names are no part of the lanes";
}

TEST_F(TimelineTest, ADoubleClickOnAMarkZoomsToItAndOneCanGoBack) {
    openAndSettle();
    filter("device:4 address:695055872");
    ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    const ViewRange before = state().range();
    const QPoint mark = inLanes(findingAtLine(15261));
    QTest::mouseClick(&lanes(), Qt::LeftButton, {}, mark);
    QTest::mouseDClick(&lanes(), Qt::LeftButton, {}, mark);
    EXPECT_LT(state().range().right - state().range().left, (before.right - before.left) / 2);
    EXPECT_EQ(state().selection().line, 15261U);
    trigger(Command::Back);
    EXPECT_EQ(state().range(), before);
    trigger(Command::Forward);
    trigger(Command::Home);
    EXPECT_EQ(state().range(), before);
    trigger(Command::Back);
    EXPECT_LT(state().range().right - state().range().left, (before.right - before.left) / 2)
        << "all can be undone too";
}

TEST_F(TimelineTest, AFilterThatHidesEverythingIsSaidOnTheLanes) {
    openAndSettle();
    auto* note = window->findChild<QLabel*>("emptyTimeline");
    EXPECT_FALSE(note->isVisible());
    filter("device:99");
    ASSERT_TRUE(soon([&] { return note->isVisible(); }));
    EXPECT_TRUE(note->text().contains("device:99")) << note->text().toStdString();
    EXPECT_TRUE(note->text().contains("hides every lifetime")) << note->text().toStdString();
    EXPECT_TRUE(lanes().rect().contains(note->geometry()));
    filter("");
    ASSERT_TRUE(soon([&] { return !note->isVisible(); }));
}

TEST_F(TimelineTest, ARightDragPans) {
    openAndSettle();
    timeline().zoom(10);
    const ViewRange before = state().range();
    QTest::mousePress(&lanes(), Qt::RightButton, {}, QPoint(300, 100));
    QMouseEvent move(QEvent::MouseMove, QPointF(400, 100), lanes().mapToGlobal(QPointF(400, 100)), Qt::NoButton,
                     Qt::RightButton, Qt::NoModifier);
    QApplication::sendEvent(&lanes(), &move);
    QTest::mouseRelease(&lanes(), Qt::RightButton, {}, QPoint(400, 100));
    EXPECT_LT(state().range().left, before.left);
    EXPECT_NEAR(state().range().right - state().range().left, before.right - before.left, 1e-6);
}

TEST_F(TimelineTest, TheAxesChangeAndTheVisiblePartStays) {
    openAndSettle();
    state().selectFinding(findingAtLine(15261));
    timeline().fitSelection();
    trigger(Command::AcrossLines);
    ASSERT_TRUE(soon([&] { return timeline().isUpToDate() && state().range().right > 15261; }));
    EXPECT_LT(state().range().left, 14896);
    EXPECT_LT(state().range().right, 16000) << "still zoomed in";
    trigger(Command::DownLinear);
    ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    EXPECT_FALSE(timeline().positionOf(findingAtLine(15261)).isNull());
}

// More lifetimes than are drawn one by one, and one refused free among them.
QByteArray manyLifetimes() {
    QByteArray log;
    constexpr int kLifetimes = 150'000;
    for (int i = 0; i < kLifetimes; ++i) {
        const QByteArray address = QByteArray::number(4096 + i % 500 * 64);
        log += "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=" + address + ")\n";
        log += "[PID 1] Freed buffer " + address + " on device 0 (8 bytes, FINAL)\n";
        if (i == 100'000) log += "[PID 1] Deallocation for unknown buffer " + address + " on device 0\n";
    }
    return log;
}

TEST_F(TimelineTest, OneDoubleFreeAmongManyLifetimesIsSeenAtFullExtent) {
    open(writeFile("many.log", manyLifetimes()));
    ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    ASSERT_EQ(state().analysis()->findings.rows.size(), 1U);
    // Nothing else in the lanes has that colour, so the glyph is what is found of it.
    const auto pixels = refusedPixelsIn(lanes().rect());
    EXPECT_GE(pixels.size(), 13U) << "two strokes of seven";
    QRect glyph;
    for (const QPoint& pixel : pixels) glyph |= QRect(pixel, QSize(1, 1));
    EXPECT_GE(glyph.width(), 7);
    EXPECT_GE(glyph.height(), 7);
    EXPECT_LE(glyph.width(), 15) << "one glyph and nothing else";
    EXPECT_LE(glyph.height(), 15);
    EXPECT_LE((glyph.center() - inLanes(FindingId(0U))).manhattanLength(), 2);
    // The event is the 200,002nd of 300,001, and the row that of its address.
    const ViewRange& range = state().range();
    EXPECT_NEAR(glyph.center().x(), margin() + (200'002 - range.left) / (range.right - range.left) * lanesWidth(), 2);
}

TEST_F(TimelineTest, APictureThatTakesLongerFollowsAndIsTheSameAsWithoutWaiting) {
    open(writeFile("many.log", manyLifetimes()));
    ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    const QImage whole = lanes().grab().toImage();
    timeline().zoom(3);  // no cells of this yet
    EXPECT_FALSE(timeline().isUpToDate());
    ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    const QImage closer = lanes().grab().toImage();
    EXPECT_NE(closer, whole);
    timeline().showAll();
    ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    EXPECT_EQ(lanes().grab().toImage(), whole);
    timeline().zoom(3);
    ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    EXPECT_EQ(lanes().grab().toImage(), closer) << "what was stretched meanwhile has gone";
}

TEST_F(TimelineTest, AFileIsWrittenWithTheExactPictureEvenWhileItIsStillToCome) {
    open(writeFile("many.log", manyLifetimes()));
    ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    const auto written = [&](const char* name) {
        EXPECT_TRUE(timeline().exportPicture(temporaryPath(name), {800, 500}));
        return QImage(temporaryPath(name));
    };
    timeline().zoom(2);
    const QImage atOnce = written("at-once.png");
    ASSERT_TRUE(soon([&] { return timeline().isUpToDate(); }));
    EXPECT_EQ(atOnce, written("later.png"));
    EXPECT_FALSE(atOnce.isNull());
}

QSet<int> svgFontSizes(const QString& path) {
    QFile file(path);
    QSet<int> sizes;
    if (!file.open(QIODevice::ReadOnly)) return sizes;
    static const QRegularExpression kSize("font-size=\"(\\d+)");
    auto matches = kSize.globalMatch(QString::fromUtf8(file.readAll()));
    while (matches.hasNext()) sizes += matches.next().captured(1).toInt();
    return sizes;
}

TEST_F(TimelineTest, PicturesAreWrittenInEachFormat) {
    openAndSettle();
    const auto head = [&](const char* name) {
        const QString path = temporaryPath(name);
        EXPECT_TRUE(timeline().exportPicture(path, {800, 500}));
        QFile file(path);
        EXPECT_TRUE(file.open(QIODevice::ReadOnly));
        return file.read(200);
    };
    EXPECT_TRUE(head("a.png").startsWith("\x89PNG"));
    EXPECT_TRUE(head("a.svg").contains("<svg"));
    EXPECT_TRUE(head("a.pdf").startsWith("%PDF-"));
    const QImage picture(temporaryPath("a.png"));
    EXPECT_EQ(picture.size(), QSize(800, 500));
    EXPECT_TRUE(timeline().exportPicture(temporaryPath("fine.png"), {800, 500}, 2));
    EXPECT_EQ(QImage(temporaryPath("fine.png")).size(), QSize(1600, 1000));
    EXPECT_TRUE(svgFontSizes(temporaryPath("a.svg")).contains(QFontInfo(lanes().font()).pixelSize()))
        << "text is as large as in the window";
    EXPECT_GT(vermilionPixels(picture.copy(0, 28, picture.width(), 24)), 3) << "the legend";
    EXPECT_GT(vermilionPixels(picture.copy(0, 120, picture.width(), 300)), 50) << "the marks";
    const auto refused = timeline().exportPicture(temporaryPath("a.gif"), {800, 500});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().advice, "End the name in .png, .svg or .pdf.");
}

}  // namespace
}  // namespace alloclens
