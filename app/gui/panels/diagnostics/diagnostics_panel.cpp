// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/diagnostics/diagnostics_panel.h"

#include <QLabel>
#include <QStringList>
#include <QTableView>
#include <QVBoxLayout>

#include "app/gui/look/empty_note.h"
#include "app/gui/look/words.h"
#include "app/gui/panels/diagnostics/diagnostics_model.h"
#include "app/gui/panels/table/plain_table.h"
#include "app/gui/panels/table/view_keys.h"

namespace alloclens {

DiagnosticsPanel::DiagnosticsPanel(ViewState& state, QWidget* parent)
    : QWidget(parent),
      m_state(state),
      m_model(new DiagnosticsModel(this)),
      m_view(new QTableView(this)),
      m_counts(new QLabel(this)) {
    m_view->setObjectName("diagnosticsView");
    m_view->setAccessibleName(tr("Diagnostics"));
    m_view->setModel(m_model);
    makePlainTable(*m_view, {12, 22, 56});
    m_empty = new EmptyNote(*m_view, tr("Open a log to list damage of the file itself here: torn or joined lines,\n"
                                        "numbers out of range, compressed data that ends early."));
    m_counts->setObjectName("lineCounts");
    m_counts->setMargin(8);
    m_counts->setWordWrap(true);
    m_counts->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_counts);
    layout->addWidget(m_view, 1);
    setFocusProxy(m_view);

    whenChosen(*m_view, [this](const QModelIndex& current) { m_state.selectLine(m_model->lineAt(current)); });
    connect(m_view, &QTableView::activated, this, [this] { m_state.revealSelection(); });
    connect(&m_state, &ViewState::analysisChanged, this, &DiagnosticsPanel::refresh);
    refresh();
}

void DiagnosticsPanel::refresh() {
    const auto& analysis = m_state.analysis();
    m_model->show(analysis);
    m_counts->setVisible(analysis != nullptr);
    if (!analysis) return;
    m_empty->setText(tr("Nothing is wrong in the file itself."));
    const Trace& trace = *analysis->trace;
    QStringList parts = {quantityText(trace.source->lines(), "line"),
                         tr("%1 with events").arg(countText(trace.lineCounts.events)),
                         tr("%1 other server lines").arg(countText(trace.lineCounts.facts)),
                         tr("%1 of other programs").arg(countText(trace.lineCounts.foreign)),
                         tr("%1 damaged").arg(countText(trace.lineCounts.damaged))};
    QString text = parts.join(QStringLiteral(" · "));
    const Diagnostics& doubts = analysis->findings.ledger.doubts;
    const std::uint64_t total = trace.diagnostics.total() + doubts.total();
    if (total > trace.diagnostics.kept().size() + doubts.kept().size()) {
        text += tr("\n%1. The table lists the first %2 of each code.")
                    .arg(quantityText(total, "diagnostic"), countText(Diagnostics::kKeptPerCode));
    }
    m_counts->setText(text);
}

}  // namespace alloclens
