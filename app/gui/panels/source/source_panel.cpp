// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/source/source_panel.h"

#include <QApplication>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "app/gui/jobs/disposal.h"
#include "app/gui/look/words.h"
#include "app/gui/panels/source/find_bar.h"
#include "app/gui/panels/source/source_view.h"

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
        const QString searching = tr("%1 … %2 %").arg(stage).arg(static_cast<int>(fraction * 100));
        m_find->say(m_hit == 0 ? searching : placeText() + QStringLiteral(" · ") + searching);
    });
    connect(&m_state, &ViewState::analysisChanged, this, &SourcePanel::letGo);
}

// Of the hits in another file, and of those before a file grew: a search that runs then still finds what it was asked.
void SourcePanel::letGo() {
    m_hits.reset();
    m_trace.reset();
    if (std::exchange(m_documentNumber, m_state.documentNumber()) == m_state.documentNumber()) return;
    m_search.cancel();
    m_hit = 0;
    m_find->say({});
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
    const bool isKnown = m_trace == m_state.analysis()->trace && m_text == text;
    if (isKnown && m_search.isRunning() && m_hit == 0) return;  // on its way
    m_from = from;
    m_direction = direction;
    if (isKnown && m_hits) return showHit(nextHit(*m_hits, from, direction));
    search(text, from, direction);
}

void SourcePanel::search(const QString& text, std::uint32_t from, SearchDirection direction) {
    m_trace = m_state.analysis()->trace;
    m_text = text;
    m_hit = 0;
    m_hits.reset();
    m_search.startTelling<std::uint32_t>(
        [trace = m_trace, text, from, direction](const TaskContext& task, const Job::Tell<std::uint32_t>& tell) {
            return findInSource(*trace->source, text, from, direction, task, tell);
        },
        [this](std::uint32_t line) { showHit(line); },
        [this](Result<SourceHits> hits) {
            if (!hits) return m_find->say(toQString(hits.error().sentence()));
            m_hits = freedInBackground<SourceHits>(std::make_shared<const SourceHits>(std::move(*hits)));
            m_find->say(placeText());
        });
}

void SourcePanel::showHit(std::uint32_t line) {
    m_hit = line;
    m_find->say(placeText());
    if (line != 0) m_state.selectLine(line);
}

// "line 15,261, 3 of 12", as far as it is known.
QString SourcePanel::placeText() const {
    if (m_hit == 0) return tr("not found");
    QString text = tr("line %1").arg(countText(m_hit));
    if (m_hits) {
        const auto at = std::lower_bound(m_hits->begin(), m_hits->end(), m_hit) - m_hits->begin();
        text += tr(", %1 of %2").arg(countText(static_cast<std::uint64_t>(at) + 1), countText(m_hits->size()));
    }
    const bool isAround = m_direction == SearchDirection::Down ? m_hit <= m_from : m_hit >= m_from && m_from != 0;
    return isAround ? text + tr(", past the end of the file") : text;
}

bool SourcePanel::closeFind() {
    if (!m_find->isVisible()) return false;
    const bool hadFocus = m_find->isAncestorOf(QApplication::focusWidget());
    m_search.cancel();
    m_find->hide();
    if (hadFocus) m_view->setFocus();
    return true;
}

}  // namespace alloclens
