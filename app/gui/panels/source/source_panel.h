// SPDX-License-Identifier: GPL-3.0-or-later
//
// The source with its find line. Searching runs as a job; a newer search cancels the older. The first hit is shown as
// soon as it is known and all of them are kept, so that going from one to the next takes no time.
#pragma once

#include <QString>
#include <QWidget>

#include <memory>

#include "app/gui/document/view_state.h"
#include "app/gui/jobs/jobs.h"
#include "app/gui/panels/source/source_search.h"

namespace alloclens {

class FindBar;
class SourceView;

class SourcePanel : public QWidget {
    Q_OBJECT
public:
    SourcePanel(ViewState& state, QWidget* parent = nullptr);

    [[nodiscard]] std::uint32_t currentLine() const;
    void openFind();
    /// False where it is not open.
    bool closeFind();
    /// Goes to the next hit of the text in the find line; opens that if there is none.
    void findAgain(SearchDirection direction);

private:
    void letGo();
    void search(const QString& text, std::uint32_t from, SearchDirection direction);
    void showHit(std::uint32_t line);
    [[nodiscard]] QString placeText() const;

    ViewState& m_state;
    SourceView* m_view;
    FindBar* m_find;
    Job m_search;
    std::shared_ptr<const SourceHits> m_hits;  ///< of m_text in m_trace, once all are known
    std::shared_ptr<const Trace> m_trace;
    QString m_text;
    std::uint64_t m_documentNumber = 0;
    std::uint32_t m_from = 0;  ///< where the hit that is shown was looked for from
    std::uint32_t m_hit = 0;   ///< the line of it; 0 is none
    SearchDirection m_direction = SearchDirection::Down;
};

}  // namespace alloclens
