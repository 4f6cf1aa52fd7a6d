// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/status_line.h"

#include <QFileInfo>
#include <QLabel>
#include <QProgressBar>
#include <QStringList>
#include <QTimer>
#include <QToolButton>

#include "app/gui/document/selection_text.h"
#include "app/gui/look/theme.h"
#include "app/gui/look/words.h"
#include "app/gui/panels/ledger/ledger_words.h"
#include "app/gui/window/follow_news.h"
#include "core/base/time_units.h"

namespace alloclens {
namespace {

const QString kDot = QStringLiteral(" · ");

}  // namespace

StatusLine::StatusLine(ViewState& state, QWidget* parent)
    : QStatusBar(parent),
      m_state(state),
      m_document(new QLabel(this)),
      m_grade(new QToolButton(this)),
      m_selection(new QLabel(this)),
      m_news(new FollowNews(state, this)),
      m_stage(new QLabel(this)),
      m_progress(new QProgressBar(this)),
      m_cancel(new QToolButton(this)) {
    setSizeGripEnabled(false);
    m_document->setObjectName("statusDocument");
    m_document->setTextFormat(Qt::PlainText);
    m_document->setContentsMargins(8, 4, 0, 4);
    m_document->setMinimumWidth(1);
    m_grade->setObjectName("statusLedger");
    m_grade->setAutoRaise(true);
    m_grade->setCursor(Qt::PointingHandCursor);
    connect(m_grade, &QToolButton::clicked, this, &StatusLine::ledgerRequested);
    m_selection->setObjectName("statusSelection");
    m_selection->setContentsMargins(8, 4, 8, 4);
    m_progress->setObjectName("progressBar");
    m_progress->setAccessibleName(tr("Progress of loading"));
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(160);
    m_cancel->setObjectName("cancelButton");
    m_cancel->setAutoRaise(true);
    m_cancel->setToolTip(tr("Stop loading"));
    m_cancel->setAccessibleName(tr("Stop loading"));
    connect(m_cancel, &QToolButton::clicked, this, &StatusLine::cancelled);
    addWidget(m_document, 1);
    addPermanentWidget(m_grade);
    addPermanentWidget(m_news);
    addPermanentWidget(m_stage);
    addPermanentWidget(m_progress);
    addPermanentWidget(m_cancel);
    addPermanentWidget(m_selection);
    hideProgress();
    tint();
    connect(&m_state, &ViewState::analysisChanged, this, &StatusLine::describeDocument);
    connect(&m_state, &ViewState::filterChanged, this, &StatusLine::describeDocument);
    connect(&m_state, &ViewState::selectionChanged, this, &StatusLine::describeSelection);
    connect(&m_state, &ViewState::analysisChanged, this, &StatusLine::describeLedger);
    connect(&m_state, &ViewState::followingChanged, this, &StatusLine::describeLedger);
    describeDocument();
    describeLedger();
}

void StatusLine::tint() { m_cancel->setIcon(Theme::current().icon("cancel")); }

void StatusLine::showHovered(const QString& text) {
    m_hovered = text;
    describeDocument();
}

void StatusLine::showProgress(const QString& stage, double fraction) {
    m_stage->setText(stage + QStringLiteral(" …"));
    m_progress->setValue(static_cast<int>(fraction * m_progress->maximum()));
    for (QWidget* widget :
         {static_cast<QWidget*>(m_stage), static_cast<QWidget*>(m_progress), static_cast<QWidget*>(m_cancel)}) {
        widget->show();
    }
}

void StatusLine::showRecording(bool isRecording, bool isShown) { m_news->setRecording(isRecording, isShown); }

void StatusLine::hideProgress() {
    m_stage->hide();
    m_progress->hide();
    m_cancel->hide();
}

void StatusLine::describeDocument() {
    const auto& analysis = m_state.analysis();
    if (!m_hovered.isEmpty()) {
        m_text = m_hovered;
        elide();
        return;
    }
    if (!analysis) {
        m_text = tr("Nothing is open");
        elide();
        return;
    }
    const Replay& replay = analysis->replay;
    QStringList parts = {QFileInfo(toQString(analysis->trace->source->path())).fileName()};
    if (m_state.isGrowing()) {
        parts += tr("still being read, so far %1").arg(quantityText(analysis->trace->source->lines(), "line"));
    }
    parts += {quantityText(replay.totals.total, "event"), quantityText(replay.totals.unknownFrees, "refused free")};
    if (analysis->trace->hasTime()) {
        const TimeIndex& times = analysis->trace->timeIndex;
        parts += toQString(formatDuration(timeBetween(times.start(), times.end())));
    }
    if (const auto& filter = m_state.filterResult()) {
        parts += tr("showing %1 of %2")
                     .arg(countText(filter->lifetimeCount), quantityText(replay.lifetimes.size(), "lifetime"));
        const std::uint64_t hidden = analysis->findings.rows.size() - filter->findingCount;
        parts += hidden == 0 ? tr("the filter hides no finding")
                             : tr("the filter hides %1").arg(quantityText(hidden, "finding"));
    }
    m_text = parts.join(kDot);
    m_document->setToolTip(tipText(m_text + '\n' + toQString(analysis->trace->source->path())));
    elide();
}

void StatusLine::describeLedger() {
    const auto& analysis = m_state.analysis();
    m_grade->setVisible(analysis != nullptr);
    if (analysis) {
        const Ledger& ledger = analysis->findings.ledger;
        const bool isPart = m_state.isGrowing() || m_state.isFollowing();
        const QString grade = toQString(gradeName(ledger.grade));
        m_grade->setText(isPart ? tr("ledger: %1 so far").arg(grade) : tr("ledger: %1").arg(grade));
        m_grade->setToolTip(ledgerTip(ledger));
        m_grade->setAccessibleName(m_grade->text());
        m_grade->setAccessibleDescription(m_grade->toolTip());
    }
    QTimer::singleShot(0, this, &StatusLine::elide);  // the other label has its new width then
}

// The end matters most while a filter is set: it says what the filter hides. So the middle goes.
void StatusLine::elide() {
    const int room = m_document->width() - 12;
    m_document->setText(room < 40 ? m_text : m_document->fontMetrics().elidedText(m_text, Qt::ElideMiddle, room));
    m_document->setAccessibleName(m_text);
}

void StatusLine::resizeEvent(QResizeEvent* event) {
    QStatusBar::resizeEvent(event);
    elide();
}

void StatusLine::describeSelection() {
    m_selection->setText(m_state.analysis() ? selectionText(*m_state.analysis(), m_state.selection()) : QString());
    QTimer::singleShot(0, this, &StatusLine::elide);  // the other label has its new width then
}

}  // namespace alloclens
