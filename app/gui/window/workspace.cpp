// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/workspace.h"

#include <QSettings>
#include <QTabBar>
#include <QTabWidget>

#include <algorithm>

#include "app/gui/document/copy_source.h"
#include "app/gui/document/settings.h"
#include "app/gui/panels/addresses/addresses_panel.h"
#include "app/gui/panels/diagnostics/diagnostics_panel.h"
#include "app/gui/panels/events/events_panel.h"
#include "app/gui/panels/findings/findings_panel.h"
#include "app/gui/panels/inspector/inspector.h"
#include "app/gui/panels/ledger/ledger_panel.h"
#include "app/gui/panels/mesh/mesh_panel.h"
#include "app/gui/panels/side/side_panel.h"
#include "app/gui/panels/source/source_panel.h"
#include "app/gui/panels/table/table_panel.h"
#include "app/gui/timeline/hidden_note.h"
#include "app/gui/timeline/timeline_view.h"

namespace alloclens {
namespace {

template <class Panel>
QWidget* makePanel(ViewState& state, QWidget& tabs) {
    return new Panel(state, &tabs);
}

template <auto kTable>
QWidget* makeTable(ViewState& state, QWidget& tabs) {
    return new TablePanel(state, kTable(), &tabs);
}

}  // namespace

Workspace::Workspace(ViewState& state, QWidget* parent)
    : QSplitter(Qt::Vertical, parent),
      m_upper(new QSplitter(Qt::Horizontal, this)),
      m_side(new SidePanel(state, m_upper)),
      m_timeline(new TimelineView(state, m_upper)),
      m_inspector(new Inspector(state, m_upper)),
      m_tabs(new QTabWidget(this)) {
    setObjectName("workspace");
    m_timeline->setObjectName("timeline");
    m_tabs->setObjectName("tables");
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->tabBar()->setDrawBase(false);
#define ALLOCLENS_ADD(name, title, keys, text, tip, make) m_tabs->addTab(make(state, *m_tabs), tr(title));
    ALLOCLENS_PANELS(ALLOCLENS_ADD)
#undef ALLOCLENS_ADD
    m_source = m_tabs->findChild<SourcePanel*>();
    new CopySource(*m_timeline, [&state] { return selectionToCopy(state); });
    connect(&state, &ViewState::zoomRequested, m_timeline, [this] { m_timeline->fitSelection(); });
    auto* hidden = new HiddenNote(state, *m_timeline);
    connect(hidden, &HiddenNote::clearRequested, this, &Workspace::clearFilterRequested);
    connect(m_tabs->findChild<LedgerPanel*>(), &LedgerPanel::lineRequested, this, [this] { showTab(Source); });
    m_side->setMinimumWidth(180);
    m_inspector->setMinimumWidth(220);
    m_timeline->setMinimumWidth(240);
    m_tabs->setMinimumHeight(120);
    for (QSplitter* splitter : {static_cast<QSplitter*>(this), m_upper}) {
        splitter->setHandleWidth(1);
        splitter->setChildrenCollapsible(false);
    }
    m_upper->setStretchFactor(1, 1);
    setStretchFactor(0, 1);
}

QWidget& Workspace::side() const { return *m_side; }
QWidget& Workspace::inspector() const { return *m_inspector; }
QWidget& Workspace::tables() const { return *m_tabs; }

void Workspace::showTab(Tab tab) {
    m_tabs->show();
    m_tabs->setCurrentIndex(tab);
    m_tabs->currentWidget()->setFocus(Qt::ShortcutFocusReason);
}

// A window that never showed a document has dividers that nobody placed.
void Workspace::remember() const {
    if (!m_isPlaced) return;
    storeSetting("window/upper", m_upper->saveState());
    storeSetting("window/lower", saveState());
}

// In a window that became narrow the lanes keep the larger share, and what is beside them gives way.
void Workspace::shareWidth() {
    QList<int> sizes = m_upper->sizes();
    const int wanted = m_upper->width() * 45 / 100;
    int lacking = m_timeline->isVisibleTo(m_upper) ? wanted - sizes[1] : 0;
    if (lacking <= 0) return;
    for (const int place : {2, 0}) {
        const int least = m_upper->widget(place)->minimumWidth();
        const int given = std::clamp(sizes[place] - least, 0, lacking);
        sizes[place] -= given;
        sizes[1] += given;
        lacking -= given;
    }
    m_upper->setSizes(sizes);
}

// The first time that there is room to share: as the dividers were left, or the side parts narrower in a small window.
void Workspace::resizeEvent(QResizeEvent* event) {
    QSplitter::resizeEvent(event);
    if (m_isPlaced) return shareWidth();
    if (width() < 400) return;
    m_isPlaced = true;
    const QSettings settings;
    const int side = std::clamp(width() * 19 / 100, 232, 280);
    const int inspector = std::clamp(width() * 25 / 100, 240, 360);
    if (!m_upper->restoreState(settings.value("window/upper").toByteArray())) {
        m_upper->setSizes({side, width() - side - inspector, inspector});
    }
    const int lower = std::clamp(height() * 30 / 100, 160, 280);
    if (!restoreState(settings.value("window/lower").toByteArray())) setSizes({height() - lower, lower});
    shareWidth();
}

}  // namespace alloclens
