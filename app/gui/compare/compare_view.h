// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two runs one above the other: their timelines in step, and below them what became of each cluster of findings. A
// cluster that is selected is gone to in each run that has it. It has view states of its own, so that the document is
// as it was when the comparison ends; the axes are those of the document's.
#pragma once

#include <QWidget>

#include <array>
#include <memory>
#include <optional>

#include "app/gui/compare/compared_runs.h"
#include "app/gui/view_state.h"

class QSplitter;
class QTableView;

namespace alloclens {

class TimelineView;

class CompareView : public QWidget {
    Q_OBJECT
public:
    CompareView(std::shared_ptr<const ComparedRuns> runs, ViewState& document, QWidget* parent = nullptr);
    ~CompareView() override;

    [[nodiscard]] const std::shared_ptr<const ComparedRuns>& runs() const { return m_compared; }
    /// The one with the focus, else the upper one; the other goes in step.
    [[nodiscard]] TimelineView& timeline() const;
    [[nodiscard]] TimelineView& timeline(std::size_t run) const { return *m_runs[run]->timeline; }
    [[nodiscard]] ViewState& state(std::size_t run) const { return m_runs[run]->state; }
    void showAll();
    void fitCluster();  ///< the selected one; all without one

signals:
    void closeRequested();
    void swapRequested();
    void hovered(const QString& text);

private:
    struct Run {
        ViewState state;
        TimelineView* timeline = nullptr;
        const void* scene = nullptr;  ///< which one the range is of; never looked into
        ViewRange range;              ///< that was shown last
    };

    [[nodiscard]] QWidget* headLine();
    void addRun(std::size_t which);
    void addTable();
    void takeAxes(const ViewState& document);
    void step(std::size_t moved);
    void remember(std::size_t which);
    void goTo(int row);

    std::shared_ptr<const ComparedRuns> m_compared;
    std::array<std::unique_ptr<Run>, 2> m_runs;
    QSplitter* m_splitter;
    QTableView* m_view = nullptr;
    bool m_isStepping = false;
    std::optional<int> m_wantedRow;  ///< to be gone to when both runs are drawn
};

}  // namespace alloclens
