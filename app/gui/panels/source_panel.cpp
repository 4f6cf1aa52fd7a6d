// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/source_panel.h"

#include <QVBoxLayout>

#include "app/gui/panels/find_bar.h"
#include "app/gui/panels/source_view.h"
#include "app/gui/words.h"

namespace alloclens {

SourcePanel::SourcePanel(ViewState& state, QWidget* parent)
    : QWidget(parent), m_state(state), m_view(new SourceView(state, this)), m_find(new FindBar(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_find);
    setFocusProxy(m_view);
    connect(m_find, &FindBar::nextWanted, this, [this] { findAgain(SearchDirection::Down); });
    connect(m_find, &FindBar::previousWanted, this, [this] { findAgain(SearchDirection::Up); });
    connect(m_find, &FindBar::closed, this, &SourcePanel::closeFind);
    connect(&m_search, &Job::progressed, this, [this](const QString& stage, double fraction) {
        m_find->say(tr("%1 … %2 %").arg(stage).arg(static_cast<int>(fraction * 100)));
    });
    connect(&m_state, &ViewState::analysisChanged, &m_search, &Job::cancel);
}

std::uint32_t SourcePanel::currentLine() const { return m_view->currentLine(); }

void SourcePanel::openFind() { m_find->open(); }

void SourcePanel::findAgain(SearchDirection direction) {
    const QString text = m_find->text();
    if (text.isEmpty() || !m_state.analysis()) {
        openFind();
        return;
    }
    const std::uint32_t from = currentLine() != 0 ? currentLine() : m_view->firstVisibleLine() - 1;
    m_search.start([trace = m_state.analysis()->trace, text, from, direction](
                       const TaskContext& task) { return findInSource(*trace->source, text, from, direction, task); },
                   [this, from, direction](const Result<std::uint32_t>& line) {
                       if (!line) {
                           m_find->say(toQString(line.error().sentence()));
                       } else if (*line == 0) {
                           m_find->say(tr("not found"));
                       } else {
                           const bool wrapped = direction == SearchDirection::Down ? *line <= from
                                                                                   : *line >= from && from != 0;
                           m_find->say(wrapped ? tr("line %1, around the end of the file").arg(countText(*line))
                                               : tr("line %1").arg(countText(*line)));
                           m_state.selectLine(*line);
                       }
                   });
}

void SourcePanel::closeFind() {
    m_search.cancel();
    m_find->hide();
    m_view->setFocus();
}

}  // namespace alloclens
