// SPDX-License-Identifier: GPL-3.0-or-later
//
// The source with its find line. Searching runs as a job; a newer search cancels the older.
#pragma once

#include <QWidget>

#include "app/gui/jobs.h"
#include "app/gui/panels/source_search.h"
#include "app/gui/view_state.h"

namespace alloclens {

class FindBar;
class SourceView;

class SourcePanel : public QWidget {
    Q_OBJECT
public:
    SourcePanel(ViewState& state, QWidget* parent = nullptr);

    [[nodiscard]] std::uint32_t currentLine() const;
    void openFind();
    /// Searches the last text again; opens the find line if there is none.
    void findAgain(SearchDirection direction);

private:
    void closeFind();

    ViewState& m_state;
    SourceView* m_view;
    FindBar* m_find;
    Job m_search;
};

}  // namespace alloclens
