// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/go_to_box.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace alloclens {
namespace {

constexpr int kMostRows = 12;

struct Select {
    ViewState& state;
    void operator()(const LineTarget& target) const { state.selectLine(target.line); }
    void operator()(EventId id) const { state.selectEvent(id); }
    void operator()(AddressId id) const { state.selectAddress(id); }
    void operator()(LifetimeId id) const { state.selectLifetime(id); }
    void operator()(FindingId id) const { state.selectFinding(id); }
};

}  // namespace

GoToBox::GoToBox(ViewState& state, QWidget* window)
    : QFrame(window, Qt::Popup),
      m_state(state),
      m_edit(new QLineEdit(this)),
      m_words(new QLabel(this)),
      m_list(new QListWidget(this)) {
    setObjectName("goToBox");
    setAccessibleName(tr("Go to"));
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    m_edit->setPlaceholderText(tr("Line, address or event"));
    m_edit->setAccessibleName(tr("Line, address or event"));
    m_edit->installEventFilter(this);
    m_words->setObjectName("goToWords");
    m_words->setWordWrap(true);
    m_words->setForegroundRole(QPalette::PlaceholderText);
    m_list->setObjectName("goToList");
    m_list->setAccessibleName(tr("Places"));
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    layout->addWidget(m_edit);
    layout->addWidget(m_words);
    layout->addWidget(m_list);
    layout->addStretch(1);
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::textChanged, this, &GoToBox::explain);
    connect(m_edit, &QLineEdit::returnPressed, this, &GoToBox::go);
    connect(m_list, &QListWidget::itemClicked, this, &GoToBox::go);
    // What it names belongs to the trace that is open, so it is read anew when more of that has come.
    connect(&m_state, &ViewState::analysisChanged, this, &GoToBox::explain);
    explain();
}

void GoToBox::explain() {
    GoToAnswer answer;
    if (m_state.analysis()) answer = parseGoTo(m_edit->text(), *m_state.analysis());
    m_targets = std::move(answer.targets);
    m_words->setText(answer.words);
    m_list->clear();
    for (const GoToTarget& target : m_targets) m_list->addItem(target.words);
    m_list->setCurrentRow(0);
    m_list->setVisible(m_targets.size() > 1);
    place();
}

// As high as what is said and listed.
void GoToBox::place() {
    const QWidget& window = *parentWidget();
    const int width = std::max(1, std::min(520, window.width() - 32));
    const int rows = std::min(kMostRows, static_cast<int>(m_targets.size()));
    m_list->setFixedHeight(rows * std::max(1, m_list->sizeHintForRow(0)) + 4);
    const int wanted = layout()->hasHeightForWidth() ? layout()->heightForWidth(width) : sizeHint().height();
    const int height = std::max(1, std::min(wanted, window.height() - 64));
    setGeometry(QRect(window.mapToGlobal(QPoint((window.width() - width) / 2, 48)), QSize(width, height)));
}

void GoToBox::go() {
    const int row = std::max(0, m_list->currentRow());
    if (!m_state.analysis() || static_cast<std::size_t>(row) >= m_targets.size()) return;
    std::visit(Select{m_state}, m_targets[static_cast<std::size_t>(row)].place);
    m_state.revealSelection();
    close();
}

bool GoToBox::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Up:
        case Qt::Key_Down:
        case Qt::Key_PageUp:
        case Qt::Key_PageDown: QApplication::sendEvent(m_list, event); return true;
        default: break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

}  // namespace alloclens
