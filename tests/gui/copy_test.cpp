// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ctrl+C and Edit > Copy, in every widget of the window that can have the focus.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QTreeView>

#include <array>

#include "app/gui/panels/inspector/inspector.h"
#include "app/gui/panels/mesh/mesh_map.h"
#include "app/gui/panels/mesh/mesh_panel.h"
#include "app/gui/panels/source/source_view.h"
#include "app/gui/timeline/timeline_view.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

constexpr std::array kTabs = {Command::ShowFindings, Command::ShowEvents,      Command::ShowAddresses,
                              Command::ShowSource,   Command::ShowDiagnostics, Command::ShowLedger,
                              Command::ShowMesh};

class CopyTest : public WindowTest {
protected:
    /// What the key copies with the focus in `widget`; empty if it leaves the clipboard alone.
    static QString copiedByKey(QWidget& widget) {
        QApplication::clipboard()->clear();
        widget.setFocus();
        EXPECT_TRUE(soon([&] { return QApplication::focusWidget() != nullptr; }));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_C, Qt::ControlModifier);
        return QApplication::clipboard()->text();
    }
    QString copiedByMenu(QWidget& widget) {
        QApplication::clipboard()->clear();
        widget.setFocus();
        window->commands()[Command::Copy].trigger();
        return QApplication::clipboard()->text();
    }
    QString copied(QWidget& widget) {
        const QString byKey = copiedByKey(widget);
        EXPECT_EQ(byKey.toStdString(), copiedByMenu(widget).toStdString());
        return byKey;
    }
    /// Selects the double free of the sample's line 15,261 and waits until the inspector tells of it.
    void selectDoubleFree() {
        openSample();
        state().selectLine(15261);
        ASSERT_TRUE(state().selection().finding.isValid());
        ASSERT_TRUE(soon([this] { return inspector().shownHtml().contains("15,261"); }));
    }
    Inspector& inspector() { return *window->findChild<Inspector*>(); }
};

TEST_F(CopyTest, TheKeyAndTheMenuEndNoProgramWhateverHasTheFocus) {
    selectDoubleFree();
    int focused = 0;
    for (const Command tab : kTabs) {
        trigger(tab);
        for (QWidget* widget : window->findChildren<QWidget*>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible() || !widget->isEnabled()) continue;
            widget->setFocus();
            if (!widget->hasFocus()) continue;
            ++focused;
            static_cast<void>(copiedByKey(*widget));
            static_cast<void>(copiedByMenu(*widget));
        }
    }
    EXPECT_GT(focused, 40) << "so many widgets can have the focus";
    EXPECT_EQ(state().selection().line, 15261U) << "copying selects nothing else";
}

TEST_F(CopyTest, ATimelineCopiesTheSelectedFinding) {
    selectDoubleFree();
    const QString text = copied(*window->findChild<TimelineView*>());
    EXPECT_TRUE(text.startsWith("Double free  device 4  695055872")) << text.toStdString();
    EXPECT_TRUE(text.endsWith("line 15,261")) << text.toStdString();
    state().selectLine(14896);
    EXPECT_TRUE(copied(*window->findChild<TimelineView*>()).endsWith("line 14,896"));
    state().clearSelection();
    EXPECT_EQ(copied(*window->findChild<TimelineView*>()), "");
}

TEST_F(CopyTest, AnInspectorCopiesItsStoryOrTheWordsSelectedInIt) {
    selectDoubleFree();
    const QString story = copied(inspector());
    EXPECT_TRUE(story.startsWith("695055872")) << story.toStdString();
    EXPECT_TRUE(story.contains("Deallocation for unknown buffer 695055872")) << story.toStdString();
    auto* label = inspector().findChild<QLabel*>();
    EXPECT_EQ(copied(*label).toStdString(), story.toStdString()) << "nothing is selected in it";
    label->setSelection(0, 9);
    EXPECT_EQ(copied(*label), "695055872");
}

TEST_F(CopyTest, ASidePanelCopiesTheTermOfItsCurrentRow) {
    openSample();
    auto& tree = dynamic_cast<QTreeView&>(view("sideTree"));
    ASSERT_TRUE(soon([&] { return tree.model()->rowCount() == 3; }));
    tree.setCurrentIndex(tree.model()->index(4, 0, tree.model()->index(0, 0)));
    EXPECT_EQ(copied(tree), "device:4");
    tree.setCurrentIndex(tree.model()->index(0, 0));
    EXPECT_EQ(copied(tree), "") << "a heading is no term";
}

TEST_F(CopyTest, AMeshCopiesTheCellThatIsCurrent) {
    openSample();
    trigger(Command::ShowMesh);
    auto* panel = window->findChild<MeshPanel*>();
    ASSERT_TRUE(soon([&] { return panel->matrix() != nullptr && panel->matrix()->divergences() > 0; }));
    auto* map = window->findChild<MeshMap*>();
    EXPECT_EQ(copied(*map), "") << "no cell is current";
    QTest::keyClick(map, Qt::Key_Right);
    ASSERT_TRUE(map->current().has_value());
    const QString device = QString::number(panel->matrix()->devices()[map->current()->row]);
    EXPECT_TRUE(copied(*map).contains("evice " + device)) << copied(*map).toStdString();
}

TEST_F(CopyTest, TheSourceCopiesTheSelectedLineAlsoWhenItIsOutOfSight) {
    selectDoubleFree();
    trigger(Command::ShowSource);
    auto* source = window->findChild<SourceView*>();
    ASSERT_TRUE(soon([&] { return !source->shownText(15261).isEmpty(); }));
    const QString line = copied(*source);
    EXPECT_TRUE(line.contains("Deallocation for unknown buffer 695055872")) << line.toStdString();
    source->bringIntoSight(1);
    ASSERT_TRUE(soon([&] { return source->shownText(15261).isEmpty(); }));
    EXPECT_EQ(copied(*source).toStdString(), line.toStdString());
}

TEST_F(CopyTest, TablesCopyTheirSelectedRowsWithTabs) {
    selectDoubleFree();
    trigger(Command::ShowEvents);
    auto& events = view("eventsView");
    ASSERT_TRUE(soon([&] { return events.currentIndex().isValid(); }));
    const QStringList lines = copied(events).split('\n', Qt::SkipEmptyParts);
    ASSERT_EQ(lines.size(), 2);
    EXPECT_TRUE(lines[0].startsWith("Event\tLine\t")) << lines[0].toStdString();
    EXPECT_TRUE(lines[1].contains("\t15,261\t")) << lines[1].toStdString();
}

TEST_F(CopyTest, ALineEditCopiesWhatIsSelectedInIt) {
    openSample();
    filterEdit().setText("device:4 kind:leak");
    filterEdit().setFocus();
    filterEdit().setSelection(0, 8);
    EXPECT_EQ(copiedByMenu(filterEdit()), "device:4");
    EXPECT_EQ(copiedByKey(filterEdit()), "device:4");
}

}  // namespace
}  // namespace alloclens
