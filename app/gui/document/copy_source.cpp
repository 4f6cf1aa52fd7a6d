// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/document/copy_source.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QTextEdit>

#include <utility>

#include "app/gui/document/selection_text.h"
#include "app/gui/document/view_state.h"
#include "app/gui/look/words.h"
#include "core/wording/story.h"

namespace alloclens {
namespace {

// Rich text separates paragraphs by characters of its own.
QString plainLines(QString text) {
    text.replace(QChar::ParagraphSeparator, '\n').replace(QChar::LineSeparator, '\n');
    return text.remove(QChar(0x200b)).replace(QChar::Nbsp, ' ');
}

QString selectedText(const QWidget& widget) {
    if (const auto* edit = qobject_cast<const QLineEdit*>(&widget)) return edit->selectedText();
    if (const auto* label = qobject_cast<const QLabel*>(&widget)) return plainLines(label->selectedText());
    if (const auto* text = qobject_cast<const QTextEdit*>(&widget))
        return plainLines(text->textCursor().selectedText());
    if (const auto* choice = qobject_cast<const QComboBox*>(&widget)) return choice->currentText();
    return {};
}

}  // namespace

CopySource::CopySource(QWidget& widget, std::function<QString()> text) : QObject(&widget), m_text(std::move(text)) {}

QString textToCopy(const QWidget& focus) {
    const QString selected = selectedText(focus);
    if (!selected.isEmpty()) return selected;
    for (const QWidget* widget = &focus; widget != nullptr; widget = widget->parentWidget()) {
        if (const auto* source = widget->findChild<CopySource*>(QString(), Qt::FindDirectChildrenOnly)) {
            return source->text();
        }
        if (widget->isWindow()) break;
    }
    return {};
}

QString selectionToCopy(const ViewState& state) {
    if (!state.analysis()) return {};
    const Analysis& analysis = *state.analysis();
    const Selection& selection = state.selection();
    if (!selection.finding.isValid()) return selectionText(analysis, selection);
    const Finding& finding = analysis.findings.row(selection.finding);
    return QStringLiteral("%1  %2  line %3")
        .arg(toQString(kindInfo(finding.kind).title), toQString(findingPlace(analysis, finding)),
             countText(analysis.trace->events.line[finding.primary.index()]));
}

}  // namespace alloclens
