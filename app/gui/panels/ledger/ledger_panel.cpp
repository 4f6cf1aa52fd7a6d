// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/ledger/ledger_panel.h"

#include <QEvent>
#include <QLabel>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include "app/gui/look/empty_note.h"
#include "app/gui/look/theme.h"
#include "app/gui/look/words.h"
#include "app/gui/panels/ledger/ledger_checks_model.h"
#include "app/gui/panels/ledger/ledger_failures_model.h"
#include "app/gui/panels/ledger/ledger_words.h"
#include "app/gui/panels/table/plain_table.h"
#include "app/gui/panels/table/view_keys.h"

namespace alloclens {

LedgerPanel::LedgerPanel(ViewState& state, QWidget* parent)
    : QWidget(parent),
      m_state(state),
      m_checks(new LedgerChecksModel(this)),
      m_failures(new LedgerFailuresModel(this)),
      m_head(new QLabel(this)) {
    m_head->setObjectName("ledgerHead");
    m_head->setTextFormat(Qt::RichText);
    m_head->setWordWrap(true);
    m_head->setMargin(8);
    m_head->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_checksView = new QTableView(m_splitter);
    m_checksView->setObjectName("ledgerChecks");
    m_checksView->setAccessibleName(tr("Checks of the ledger"));
    m_checksView->setModel(m_checks);
    makePlainTable(*m_checksView, {36, 23, 11, 9});
    m_failuresView = new QTableView(m_splitter);
    m_failuresView->setObjectName("ledgerFailures");
    m_failuresView->setAccessibleName(tr("Numbers of the log that do not agree with the replay"));
    m_failuresView->setModel(m_failures);
    makePlainTable(*m_failuresView, {11, 48, 18});
    m_empty = new EmptyNote(*m_checksView, {});

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_head);
    layout->addWidget(m_splitter, 1);
    setFocusProxy(m_checksView);
    connectViews();
    refresh();
}

void LedgerPanel::connectViews() {
    connect(m_head, &QLabel::linkActivated, this, [this](const QString& link) {
        const std::uint32_t line = lineOfLink(link);
        if (line == 0) return;
        m_state.selectLine(line);
        emit lineRequested(line);
    });
    whenChosen(*m_failuresView,
               [this](const QModelIndex& current) { m_state.selectLine(m_failures->lineAt(current)); });
    connect(m_failuresView, &QTableView::activated, this, [this](const QModelIndex& index) {
        if (const std::uint32_t line = m_failures->lineAt(index); line != 0) emit lineRequested(line);
    });
    // A check leads to the first number that fails it.
    whenChosen(*m_checksView, [this](const QModelIndex& current) {
        const QModelIndex first = m_failures->firstOf(m_checks->checkAt(current));
        if (!first.isValid()) return;
        m_failuresView->setCurrentIndex(first);
        m_failuresView->scrollTo(first, QAbstractItemView::PositionAtTop);
    });
    connect(&m_state, &ViewState::analysisChanged, this, &LedgerPanel::refresh);
    connect(&m_state, &ViewState::followingChanged, this, &LedgerPanel::describe);
}

void LedgerPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

void LedgerPanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && m_failuresView != nullptr)
        describe();  // links have the theme's colour
    QWidget::changeEvent(event);
}

// A ledger keeps its whole analysis alive, so another one is let go of even where nobody sees it.
void LedgerPanel::refresh() {
    const auto& analysis = m_state.analysis();
    const Ledger* ledger = analysis ? &analysis->findings.ledger : nullptr;
    if (ledger != nullptr && m_ledger.get() == ledger) return;
    if (ledger == nullptr || !isVisible()) return show(nullptr);
    show(std::shared_ptr<const Ledger>(analysis, ledger));
}

void LedgerPanel::show(std::shared_ptr<const Ledger> ledger) {
    m_ledger = std::move(ledger);
    m_checks->show(m_ledger);
    m_failures->show(m_ledger);
    const bool fails = m_ledger && !m_ledger->failures.empty();
    if (fails && m_failuresView->isHidden()) m_splitter->setSizes({46 * width() / 100, 54 * width() / 100});
    m_failuresView->setVisible(fails);
    m_checksView->setColumnHidden(LedgerChecksModel::Name, fails);  // the numbers need the room more
    describe();
}

void LedgerPanel::describe() {
    m_head->setVisible(m_ledger != nullptr);
    if (m_ledger) {
        m_head->setText(ledgerHtml(*m_ledger, m_state.isGrowing() || m_state.isFollowing(), Theme::current()));
        return;
    }
    m_empty->setText(
        tr("Open a log to see how far you can trust it. AllocLens replays its lines and compares the result\n"
           "with every number that the log prints about itself."));
}

}  // namespace alloclens
