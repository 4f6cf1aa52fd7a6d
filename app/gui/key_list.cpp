// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/key_list.h"

#include <QAction>
#include <QKeySequence>
#include <QStringList>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>

namespace alloclens {
namespace {

QString row(const QString& keys, const QString& text) {
    return QStringLiteral(
               "<tr><td style=\"padding:2px 24px 2px 0\"><b>%1</b></td><td style=\"padding:2px 0\">%2</td></tr>")
        .arg(keys.toHtmlEscaped(), text.toHtmlEscaped());
}

QString keysOf(const QAction& action) {
    QStringList keys;
    for (const QKeySequence& key : action.shortcuts()) {
        const QString text = key.toString(QKeySequence::NativeText);
        if (text != QLatin1String("Shift+?")) keys += text;  // the same key as ?
    }
    return keys.join(QStringLiteral("   "));
}

}  // namespace

KeyList::KeyList(const std::vector<QAction*>& actions, QWidget* parent) : QDialog(parent) {
    setObjectName("keyList");
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Keys"));
    QString html = QStringLiteral("<table>");
    for (const QAction* action : actions) {
        if (!action->shortcuts().isEmpty()) html += row(keysOf(*action), action->property("tip").toString());
    }
    html += QStringLiteral("</table><h3>%1</h3><table>").arg(tr("Mouse on the timeline"));
    html += row(tr("Wheel"), tr("zooms at the cursor"));
    html += row(tr("Right or middle drag"), tr("moves the view"));
    html += row(tr("Click"), tr("selects a lifetime or a mark"));
    html += row(tr("Left drag"), tr("selects a range"));
    html += row(tr("Double-click"), tr("zooms to what is under the cursor"));
    html += QStringLiteral("</table>");
    auto* text = new QTextBrowser(this);
    text->setAccessibleName(tr("Keys"));
    text->setFrameShape(QFrame::NoFrame);
    text->document()->setDocumentMargin(16);
    text->setHtml(html);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(text);
    resize(600, std::min(640, parent->height() - 64));
}

}  // namespace alloclens
