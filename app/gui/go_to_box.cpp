// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/go_to_box.h"

#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include "app/gui/go_to_target.h"

namespace alloclens {

GoToBox::GoToBox(ViewState& state, QWidget* window)
    : QFrame(window, Qt::Popup), m_state(state), m_edit(new QLineEdit(this)), m_words(new QLabel(this)) {
    setObjectName("goToBox");
    setAccessibleName(tr("Go to"));
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    m_edit->setPlaceholderText(tr("Line, address or event"));
    m_edit->setAccessibleName(tr("Line, address or event"));
    m_words->setForegroundRole(QPalette::PlaceholderText);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    layout->addWidget(m_edit);
    layout->addWidget(m_words);
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::textChanged, this, &GoToBox::explain);
    connect(m_edit, &QLineEdit::returnPressed, this, &GoToBox::go);
    explain({});
    const int width = std::min(440, window->width() - 32);
    setGeometry(
        QRect(window->mapToGlobal(QPoint((window->width() - width) / 2, 48)), QSize(width, sizeHint().height())));
}

void GoToBox::explain(const QString& text) {
    if (m_state.analysis()) m_words->setText(parseGoTo(text, *m_state.analysis()).words);
}

void GoToBox::go() {
    if (!m_state.analysis()) return;
    const GoToTarget target = parseGoTo(m_edit->text(), *m_state.analysis());
    if (const auto* line = std::get_if<LineTarget>(&target.place)) {
        m_state.selectLine(line->line);
    } else if (const auto* event = std::get_if<EventId>(&target.place)) {
        m_state.selectEvent(*event);
    } else if (const auto* address = std::get_if<AddressId>(&target.place)) {
        m_state.selectAddress(*address);
    } else {
        return;
    }
    m_state.revealSelection();
    close();
}

}  // namespace alloclens
