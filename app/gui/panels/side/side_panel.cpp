// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/side/side_panel.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollBar>
#include <QTreeView>
#include <QVBoxLayout>

#include "app/gui/document/copy_source.h"
#include "app/gui/look/empty_note.h"
#include "app/gui/panels/side/side_model.h"

namespace alloclens {

SidePanel::SidePanel(ViewState& state, QWidget* parent)
    : QWidget(parent), m_state(state), m_model(new SideModel(this)), m_view(new QTreeView(this)) {
    setObjectName("sidePanel");
    m_view->setObjectName("sideTree");
    m_view->setAccessibleName(tr("Devices, memories and processes"));
    m_view->setModel(m_model);
    m_view->setUniformRowHeights(true);
    m_view->setRootIsDecorated(false);
    m_view->setItemsExpandable(false);
    m_view->setIndentation(4);
    m_view->setAllColumnsShowFocus(true);
    m_view->setBackgroundRole(QPalette::Window);
    m_view->setFrameShape(QFrame::NoFrame);
    QPalette quiet = m_view->palette();
    quiet.setBrush(QPalette::Base, Qt::transparent);
    m_view->setPalette(quiet);
    QHeaderView* header = m_view->header();
    header->setStretchLastSection(false);
    header->setMinimumSectionSize(40);
    header->setSectionResizeMode(SideModel::Name, QHeaderView::Stretch);
    header->setSectionResizeMode(SideModel::Events, QHeaderView::ResizeToContents);
    header->setSectionResizeMode(SideModel::Refused, QHeaderView::ResizeToContents);
    header->setSectionsClickable(false);
    new EmptyNote(*m_view, tr("Open a log to list its devices, memories and processes here."));
    m_view->installEventFilter(this);
    new CopySource(*m_view, [this] { return m_model->termAt(m_view->currentIndex()); });

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view);

    connect(m_view, &QTreeView::clicked, this, &SidePanel::toggle);
    connect(&m_state, &ViewState::analysisChanged, this, &SidePanel::count);
    connect(&m_state, &ViewState::filterRequested, m_model, &SideModel::setFilterText);
    count();
}

void SidePanel::count() {
    // While a document grows its last counts stay until the new ones are there.
    if (m_state.documentNumber() != m_countedDocument) {
        m_model->setFilterText(m_state.filterText());
        m_model->clear();
    }
    m_countedDocument = m_state.documentNumber();
    if (!m_state.analysis()) {
        m_job.cancel();
        return;
    }
    m_job.start([analysis = m_state.analysis()](const TaskContext& task) { return countBySide(*analysis, task); },
                [this, analysis = m_state.analysis()](const Result<SideCounts>& counts) {
                    if (!counts) return;
                    const int scrolled = m_view->verticalScrollBar()->value();
                    m_model->setCounts(*analysis, *counts);
                    m_view->expandAll();
                    for (int group = 0; group < m_model->rowCount(); ++group) {
                        m_view->setFirstColumnSpanned(group, {}, true);
                    }
                    m_view->verticalScrollBar()->setValue(scrolled);
                });
}

void SidePanel::toggle(const QModelIndex& index) {
    if (index.parent().isValid()) m_state.requestFilter(m_model->toggled(index, m_state.filterText()));
}

bool SidePanel::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Space || key == Qt::Key_Return || key == Qt::Key_Enter) {
            toggle(m_view->currentIndex());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace alloclens
