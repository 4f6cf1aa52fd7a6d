// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/source/find_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

#include "app/gui/look/theme.h"

namespace alloclens {

FindBar::FindBar(QWidget* parent)
    : QWidget(parent),
      m_edit(new QLineEdit(this)),
      m_previous(new QToolButton(this)),
      m_next(new QToolButton(this)),
      m_close(new QToolButton(this)),
      m_words(new QLabel(this)) {
    setObjectName("findBar");
    m_edit->setObjectName("findEdit");
    m_edit->setAccessibleName(tr("Find in source"));
    m_edit->setPlaceholderText(tr("Find in source"));
    m_edit->setMaximumWidth(400);
    m_edit->installEventFilter(this);
    m_words->setObjectName("findWords");
    m_words->setForegroundRole(QPalette::PlaceholderText);
    const auto prepare = [](QToolButton* button, const QString& tip) {
        button->setObjectName("quietButton");
        button->setAutoRaise(true);
        button->setToolTip(tip);
        button->setAccessibleName(tip);
    };
    prepare(m_previous, tr("Find previous (Shift+N)"));
    prepare(m_next, tr("Find next (N)"));
    prepare(m_close, tr("Close (Esc)"));
    m_previous->setText(tr("Previous"));
    m_next->setText(tr("Next"));
    connect(m_previous, &QToolButton::clicked, this, &FindBar::previousWanted);
    connect(m_next, &QToolButton::clicked, this, &FindBar::nextWanted);
    connect(m_close, &QToolButton::clicked, this, &FindBar::closed);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(4);
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_previous);
    layout->addWidget(m_next);
    layout->addSpacing(8);
    layout->addWidget(m_words, 1);
    layout->addWidget(m_close);
    setFocusProxy(m_edit);
    tint();
    hide();
}

void FindBar::open() {
    show();
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

QString FindBar::text() const { return m_edit->text(); }
void FindBar::say(const QString& words) { m_words->setText(words); }

void FindBar::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) tint();
    QWidget::changeEvent(event);
}

void FindBar::tint() { m_close->setIcon(Theme::current().icon("cancel")); }

bool FindBar::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride) {
        return QWidget::eventFilter(watched, event);
    }
    const auto* press = static_cast<QKeyEvent*>(event);
    const bool isReturn = press->key() == Qt::Key_Return || press->key() == Qt::Key_Enter;
    if (!isReturn && press->key() != Qt::Key_Escape) return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::ShortcutOverride) {
        event->accept();
    } else if (!isReturn) {
        emit closed();
    } else if (press->modifiers().testFlag(Qt::ShiftModifier)) {
        emit previousWanted();
    } else {
        emit nextWanted();
    }
    return true;
}

}  // namespace alloclens
