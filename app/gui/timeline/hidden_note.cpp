// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/hidden_note.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include <algorithm>

namespace alloclens {

HiddenNote::HiddenNote(const ViewState& state, QWidget& timeline)
    : QFrame(&timeline), m_state(state), m_words(new QLabel(this)) {
    setObjectName("hiddenNote");
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_words->setObjectName("hiddenWords");
    auto* clear = new QToolButton(this);
    clear->setObjectName("quietButton");
    clear->setText(tr("Clear the filter"));
    clear->setToolTip(tr("Show everything again (Ctrl+Shift+L)"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 8, 4);
    layout->setSpacing(8);
    layout->addWidget(m_words);
    layout->addWidget(clear);
    timeline.installEventFilter(this);
    connect(clear, &QToolButton::clicked, this, &HiddenNote::clearRequested);
    connect(&state, &ViewState::analysisChanged, this, &HiddenNote::describe);
    connect(&state, &ViewState::filterChanged, this, &HiddenNote::describe);
    connect(&state, &ViewState::selectionChanged, this, &HiddenNote::describe);
    describe();
}

QString hiddenSelectionText(const ViewState& state) {
    if (!state.analysis() || !state.filterResult()) return {};
    const FilterResult& filter = *state.filterResult();
    const Selection& selection = state.selection();
    if (selection.finding.isValid()) {
        return filter.findings[selection.finding.index()] ? QString() : QObject::tr("the selected finding");
    }
    if (selection.lifetime.isValid()) {
        return filter.lifetimes[selection.lifetime.index()] ? QString() : QObject::tr("the selected lifetime");
    }
    if (selection.event.isValid()) {
        return filter.events[selection.event.index()] ? QString() : QObject::tr("the selected event");
    }
    return {};
}

QString HiddenNote::words() const {
    if (!m_state.analysis() || !m_state.filterResult()) return {};
    const FilterResult& filter = *m_state.filterResult();
    if (filter.lifetimeCount == 0 && filter.findingCount == 0 && filter.eventCount == 0) {
        return tr("The filter hides everything.");
    }
    const QString selection = hiddenSelectionText(m_state);
    return selection.isEmpty() ? QString() : tr("The filter hides %1.").arg(selection);
}

void HiddenNote::describe() {
    const QString text = words();
    m_words->setText(text);
    setVisible(!text.isEmpty());
    if (text.isEmpty()) return;
    setAccessibleName(text);
    place();
    raise();
}

void HiddenNote::place() {
    const QSize wanted = sizeHint().boundedTo(parentWidget()->size());
    constexpr int kBelowLegend = 56;
    const int left = (parentWidget()->width() - wanted.width()) / 2;
    const int top = std::max(0, std::min(kBelowLegend, parentWidget()->height() - wanted.height()));
    setGeometry(QRect(QPoint(std::max(0, left), top), wanted));
}

bool HiddenNote::eventFilter(QObject* watched, QEvent* event) {
    if (watched == parent() && event->type() == QEvent::Resize && !isHidden()) place();
    return QFrame::eventFilter(watched, event);
}

}  // namespace alloclens
