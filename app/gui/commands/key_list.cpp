// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/commands/key_list.h"

#include <QAction>
#include <QKeySequence>
#include <QStringList>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>
#include <vector>

#include "app/gui/commands/commands.h"

namespace alloclens {
namespace {

struct Group {
    const char* title;
    std::vector<Command> commands;
};

std::vector<Group> groups() {
    using enum Command;
    return {
        {"File", {Open, Follow, Record, StopFollowing, Reload, Compare, ExportTimeline, NewWindow, Close, Quit}},
        {"Edit and find", {Copy, Find, FindNext, FindPrevious, GoTo, EditFilter, ClearFilter, ClearSelection}},
        {"Timeline", {ZoomIn, ZoomOut, PanLeft, PanRight, Fit, Home}},
        {"Go", {NextFinding, PreviousFinding, NextOfAddress, PreviousOfAddress, Back, Forward}},
        {"Panels",
         {ShowFindings, ShowEvents, ShowAddresses, ShowSource, ShowDiagnostics, ShowLedger, ShowMesh, PanelSide,
          PanelInspector, PanelBelow}},
        {"Help", {Palette, Keys}},
    };
}

QString row(const QString& keys, const QString& text) {
    return QStringLiteral(
               "<tr><td style=\"padding:2px 24px 2px 0\"><b>%1</b></td><td style=\"padding:2px 0\">%2</td></tr>")
        .arg(keys.toHtmlEscaped(), text.toHtmlEscaped());
}

QString keysOf(const QAction& action) {
    QStringList keys;
    for (const QKeySequence& key : action.shortcuts()) {
        const QString text = key.toString(QKeySequence::NativeText);
        const bool isSameKey = text == QLatin1String("Shift+?") || text == QLatin1String("Ctrl+=");
        if (!isSameKey) keys += text;
    }
    return keys.join(QObject::tr(" or "));
}

QString table(const QString& title, const QString& rows) {
    return QStringLiteral("<h3>%1</h3><table>%2</table>").arg(title.toHtmlEscaped(), rows);
}

// Of every command that has a key; one that is in no group would be forgotten here, so a test looks for it.
QString keysHtml(const Commands& commands) {
    QString html;
    for (const Group& group : groups()) {
        QString rows;
        for (const Command command : group.commands) {
            const QAction& action = commands[command];
            if (!action.shortcuts().isEmpty()) rows += row(keysOf(action), action.property("tip").toString());
        }
        html += table(QObject::tr(group.title), rows);
    }
    return html;
}

QString mouseHtml() {
    QString rows;
    rows += row(QObject::tr("Wheel"), QObject::tr("Zoom the x axis at the cursor"));
    rows += row(QObject::tr("Ctrl+Wheel"), QObject::tr("Zoom the y axis at the cursor: taller lanes"));
    rows += row(QObject::tr("Shift+Wheel"), QObject::tr("Move to the left and right"));
    rows += row(QObject::tr("Right or middle drag"), QObject::tr("Move the view"));
    rows += row(QObject::tr("Click"), QObject::tr("Select a lifetime or a mark; on empty ground, clear the selection"));
    rows += row(QObject::tr("Left drag"), QObject::tr("Mark a range; F zooms to it, Esc clears it"));
    rows += row(QObject::tr("Double-click"), QObject::tr("Zoom to what is under the cursor"));
    QString others;
    others += row(QObject::tr("Double-click or Enter on a row"), QObject::tr("Zoom to it on the timeline"));
    others += row(QObject::tr("Click on a heading"),
                  QObject::tr("Sort by this column; again: reverse, then in the order of the log"));
    others += row(QObject::tr("Ctrl+Wheel on the mesh"), QObject::tr("Zoom to fewer addresses; Backspace shows all"));
    return table(QObject::tr("Mouse on the timeline"), rows) + table(QObject::tr("Tables and mesh"), others);
}

}  // namespace

KeyList::KeyList(const Commands& commands, QWidget* parent) : QDialog(parent) {
    setObjectName("keyList");
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Keys"));
    auto* text = new QTextBrowser(this);
    text->setAccessibleName(tr("Keys"));
    text->setFrameShape(QFrame::NoFrame);
    text->document()->setDocumentMargin(16);
    text->setHtml(keysHtml(commands) + mouseHtml());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(text);
    resize(640, std::max(200, std::min(760, parent->height() - 64)));
}

}  // namespace alloclens
