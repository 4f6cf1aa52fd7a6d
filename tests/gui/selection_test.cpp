// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reference double free: buffer 695055872 on device 4 is allocated at line 14896, freed at 14936 and freed again
// at 15261. A click on its finding leads to these lines everywhere.
#include <QAction>
#include <QClipboard>
#include <QLabel>
#include <QTreeView>

#include <map>

#include "app/gui/look/theme.h"
#include "app/gui/look/verdict_mark.h"
#include "app/gui/panels/inspector/inspector.h"
#include "app/gui/panels/inspector/staircase.h"
#include "app/gui/panels/source/source_marks.h"
#include "app/gui/panels/source/source_view.h"
#include "core/findings/detector.h"
#include "suspect_log.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

/// Whether a pixel has about that colour: edges are smoothed.
bool hasColour(const QImage& image, const QColor& colour) {
    constexpr int kClose = 40;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            const int difference = std::abs(pixel.red() - colour.red()) + std::abs(pixel.green() - colour.green())
                                   + std::abs(pixel.blue() - colour.blue());
            if (difference < kClose) return true;
        }
    }
    return false;
}

class SelectionTest : public WindowTest {
protected:
    void clickReferenceFinding() {
        openSample();
        auto& tree = dynamic_cast<QTreeView&>(view("findingsView"));
        const QAbstractItemModel& model = *tree.model();
        ASSERT_TRUE(soon([&] { return model.rowCount() > 0; }));
        constexpr int kLine = 5;
        for (int cluster = 0; cluster < model.rowCount(); ++cluster) {
            const QModelIndex parent = model.index(cluster, 0);
            if (!parent.data().toString().startsWith("Double free: ")) continue;
            for (int row = 0; row < model.rowCount(parent); ++row) {
                const QModelIndex index = model.index(row, 0, parent);
                if (model.index(row, kLine, parent).data().toString() != "15,261") continue;
                tree.scrollTo(index);
                QTest::mouseClick(tree.viewport(), Qt::LeftButton, {}, tree.visualRect(index).center());
                return;
            }
        }
        FAIL() << "no double free at line 15,261";
    }
};

// A refused free has the colour of its verdict beside its line and below the staircase, as on the timeline.
TEST_F(SelectionTest, ARefusedFreeLooksLikeItsVerdictEverywhere) {
    openSample();
    const Findings& findings = state().analysis()->findings;
    const auto& lines = state().analysis()->trace->events.line;
    auto* staircase = window->findChild<Staircase*>("staircase");
    std::map<Blame, std::size_t> seen;
    for (std::uint32_t row = 0; row < findings.rows.size(); ++row) {
        const Finding& finding = findings.rows[row];
        const auto blame = findings.blameOfRefused(finding.primary);
        if (!isRefusedFree(finding)) {
            ASSERT_EQ(blame.has_value(),
                      state().analysis()->replay.letters[finding.primary.index()] == Letter::Refused);
            continue;
        }
        ASSERT_EQ(blame, blameOf(findings.verdicts.of(FindingId(row))->cause));
        ASSERT_EQ(markOfLine(state(), lines[finding.primary.index()]).refused, blame);
        if (++seen[*blame] > 1) continue;
        state().selectFinding(FindingId(row));
        const QColor colour = markColour(Theme::current(), *blame);
        EXPECT_TRUE(soon([&] { return hasColour(staircase->grab().toImage(), colour); })) << blameWords(*blame);
    }
    EXPECT_GE(seen.size(), 2U) << "the sample has refused frees of several verdicts";
}

TEST_F(SelectionTest, AClickOnAFindingShowsItsLineInTheSource) {
    clickReferenceFinding();
    trigger(Command::ShowSource);
    auto* source = window->findChild<SourceView*>("sourceView");
    EXPECT_EQ(source->currentLine(), 15261U);
    EXPECT_TRUE(soon([&] { return source->shownText(15261).contains("unknown buffer 695055872"); }));
    EXPECT_LE(source->firstVisibleLine(), 15261U);
    EXPECT_GT(source->firstVisibleLine() + 60, 15261U);
}

TEST_F(SelectionTest, TheInspectorTellsTheThreeEventsWithTheirLines) {
    clickReferenceFinding();
    auto* inspector = window->findChild<Inspector*>("inspector");
    ASSERT_TRUE(soon([&] { return inspector->shownHtml().contains("695055872·g1"); }));
    const QString html = inspector->shownHtml();
    for (const char* words : {"line 14,896", "line 14,936", "line 15,261", "freed again", "device 4", "Double free"}) {
        EXPECT_TRUE(html.contains(words)) << words;
    }
    EXPECT_TRUE(html.contains("unknown buffer 695055872 on device 4")) << "the verbatim line";
}

TEST_F(SelectionTest, TheInspectorSaysWhatADeviceHasThatItsMeshLacks) {
    openSample();
    const auto& divergences = state().analysis()->findings.mesh.divergences;
    ASSERT_FALSE(divergences.empty());
    state().selectFinding(divergences.front().finding);
    auto* inspector = window->findChild<Inspector*>("inspector");
    EXPECT_TRUE(soon([&] { return inspector->shownHtml().contains("more than 7 devices in step"); }));
}

TEST_F(SelectionTest, TheInspectorWeighsWhichFreeIsTheWrongOne) {
    open(writeFile("suspects.log", suspectLog()));
    ASSERT_EQ(state().analysis()->findings.suspicions.size(), 1U);
    state().selectFinding(state().analysis()->findings.suspicions.front().finding);
    auto* inspector = window->findChild<Inspector*>("inspector");
    EXPECT_TRUE(soon([&] { return inspector->shownHtml().contains("or the refused free itself"); }));
    EXPECT_TRUE(inspector->shownHtml().contains("was in use from line"));
}

TEST_F(SelectionTest, ALinkInTheInspectorSelectsItsEvent) {
    clickReferenceFinding();
    auto* inspector = window->findChild<Inspector*>("inspector");
    ASSERT_TRUE(soon([&] { return inspector->shownHtml().contains("line 14,896"); }));
    for (auto* label : inspector->findChildren<QLabel*>()) {
        const qsizetype at = label->text().indexOf("href=\"event:");
        if (at < 0) continue;
        emit label->linkActivated(label->text().mid(at + 6).section('"', 0, 0));
        break;
    }
    EXPECT_EQ(state().selection().line, 14896U);
}

TEST_F(SelectionTest, TheStatusLineNamesTheSelection) {
    clickReferenceFinding();
    const QString text = window->findChild<QLabel*>("statusSelection")->text();
    EXPECT_TRUE(text.startsWith("device 4  695055872·g1 · event ")) << text.toStdString();
    EXPECT_TRUE(text.endsWith("line 15,261")) << text.toStdString();
}

TEST_F(SelectionTest, TheTablesFollowASelectionMadeElsewhere) {
    openSample();
    auto& events = view("eventsView");
    auto& findings = view("findingsView");
    ASSERT_TRUE(soon([&] { return findings.model()->rowCount() > 0; }));
    trigger(Command::ShowEvents);
    ASSERT_TRUE(soon([&] { return events.model()->rowCount() > 0; }));
    state().selectLine(15261);
    constexpr int kLine = 1;
    EXPECT_EQ(events.currentIndex().siblingAtColumn(kLine).data().toString(), "15,261");
    EXPECT_EQ(findings.currentIndex().siblingAtColumn(5).data().toString(), "15,261");
    trigger(Command::ClearSelection);
    EXPECT_FALSE(events.selectionModel()->hasSelection());
    EXPECT_FALSE(findings.selectionModel()->hasSelection());
}

TEST_F(SelectionTest, RowsAreCopiedAsTabSeparatedValues) {
    openSample();
    auto& events = view("eventsView");
    trigger(Command::ShowEvents);
    ASSERT_TRUE(soon([&] { return events.model()->rowCount() > 0; }));
    state().selectLine(14896);
    events.setFocus();
    QTest::keyClick(&events, Qt::Key_C, Qt::ControlModifier);
    const QStringList lines = QApplication::clipboard()->text().split('\n', Qt::SkipEmptyParts);
    ASSERT_EQ(lines.size(), 2);
    EXPECT_TRUE(lines[0].startsWith("Event\tLine\tKind")) << lines[0].toStdString();
    EXPECT_TRUE(lines[1].contains("14,896\tallocation\tA\t4\t695055872\tDRAM")) << lines[1].toStdString();
}

TEST_F(SelectionTest, OfManyLifetimesTheInspectorShowsAFewAndAllWhenAsked) {
    QByteArray log;
    for (int i = 0; i < 30; ++i) {
        log += "✓ [PID 7] Allocated 4096 bytes of DRAM on device 0 (buffer_id=1024)\n"
               "✗ [PID 7] Freed buffer 1024 on device 0 (4096 bytes, FINAL)\n";
    }
    open(writeFile("many.log", log));
    state().selectLine(49);  // begins the 25th
    auto* inspector = window->findChild<Inspector*>("inspector");
    ASSERT_TRUE(soon([&] { return inspector->shownHtml().contains("1024·g25"); }));
    EXPECT_TRUE(inspector->shownHtml().contains(">g10<"));
    EXPECT_FALSE(inspector->shownHtml().contains(">g11<"));
    EXPECT_TRUE(inspector->shownHtml().contains("<b>g25</b>")) << "the selected one is always there";
    EXPECT_TRUE(inspector->shownHtml().contains("show 19 more"));
    for (QLabel* label : inspector->findChildren<QLabel*>()) {
        if (label->text().contains("all:")) emit label->linkActivated("all:");
    }
    EXPECT_TRUE(soon([&] { return inspector->shownHtml().contains(">g30<"); }));
    EXPECT_FALSE(inspector->shownHtml().contains("show "));
}

}  // namespace
}  // namespace alloclens
