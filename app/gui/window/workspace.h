// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parts of the window while a document is open, and how they share its room: side panel, timeline and inspector
// above, tables and source below. Dividers are remembered between runs.
#pragma once

#include <QSplitter>

#include "app/gui/commands/panel_list.h"
#include "app/gui/document/view_state.h"

class QTabWidget;

namespace alloclens {

class Inspector;
class SidePanel;
class SourcePanel;
class TimelineView;

class Workspace : public QSplitter {
    Q_OBJECT
public:
#define ALLOCLENS_TAB(name, title, keys, text, tip, make) name,
    enum Tab { ALLOCLENS_PANELS(ALLOCLENS_TAB) };
#undef ALLOCLENS_TAB

    Workspace(ViewState& state, QWidget* parent = nullptr);

    [[nodiscard]] TimelineView& timeline() const { return *m_timeline; }
    [[nodiscard]] SourcePanel& source() const { return *m_source; }
    [[nodiscard]] QWidget& side() const;
    [[nodiscard]] QWidget& inspector() const;
    [[nodiscard]] QWidget& tables() const;
    void showTab(Tab tab);

    void remember() const;

signals:
    /// The filter hides what the user wants to see.
    void clearFilterRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void shareWidth();

    QSplitter* m_upper;
    SidePanel* m_side;
    TimelineView* m_timeline;
    Inspector* m_inspector;
    QTabWidget* m_tabs;
    SourcePanel* m_source = nullptr;
    bool m_isPlaced = false;
};

}  // namespace alloclens
