// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two runs one above the other: their timelines side by side, and below them what became of each cluster of findings.
// It opens with all of both runs and nothing selected. A cluster that is selected is gone to in each run that has it.
// It has view states of its own, so that the document is as it was when the comparison ends; the axes are those of the
// document's.
#pragma once

#include <QList>
#include <QWidget>

#include <array>
#include <memory>
#include <optional>

#include "app/gui/compare/cluster_table.h"
#include "app/gui/compare/compare_head.h"
#include "app/gui/compare/compared_runs.h"
#include "app/gui/compare/side_by_side.h"
#include "app/gui/document/view_state.h"

class QSplitter;

namespace alloclens {

class TimelineView;

class CompareView : public QWidget {
    Q_OBJECT
public:
    CompareView(std::shared_ptr<const ComparedRuns> runs, ViewState& document, QWidget* parent = nullptr);
    ~CompareView() override;

    [[nodiscard]] const std::shared_ptr<const ComparedRuns>& runs() const { return m_compared; }
    /// The one with the focus, else the upper one; the other follows.
    [[nodiscard]] TimelineView& timeline() const;
    [[nodiscard]] TimelineView& timeline(std::size_t run) const { return *m_runs[run]->timeline; }
    [[nodiscard]] ViewState& state(std::size_t run) const { return m_runs[run]->state; }
    [[nodiscard]] const SideBySide& sideBySide() const { return *m_sideBySide; }
    void showAll();
    void fitCluster();  ///< the selected one; all without one

    /// What a person has set, by the runs as they are here.
    struct Settings {
        std::array<ViewRange, 2> ranges;
        std::array<Selection, 2> selections;
        std::optional<std::array<EventId, 2>> pin;
        AlignBy alignBy = AlignBy::Matches;
        ClusterTable::Settings table;
        QList<int> sizes;
    };
    [[nodiscard]] Settings settings() const;
    /// Shows the same as another comparison, of which these are the runs the other way round.
    void takeSwapped(Settings settings);

signals:
    void closeRequested();
    void swapRequested();
    void hovered(const QString& text);

private:
    struct Run {
        ViewState state;
        TimelineView* timeline = nullptr;
        const void* scene = nullptr;  ///< which one the range is of; never looked into
    };

    void addRun(std::size_t which);
    void takeAxes(const ViewState& document);
    void align(AlignBy by);
    void makeSideBySide();
    [[nodiscard]] Alignment alignmentBy(AlignBy by) const;
    [[nodiscard]] QString alignmentWords() const;
    [[nodiscard]] bool isDrawn() const { return m_runs[0]->scene != nullptr && m_runs[1]->scene != nullptr; }
    void takeScene(std::size_t which);
    void step(std::size_t moved);
    void follow(std::size_t moved);
    [[nodiscard]] std::optional<SideBySide::Pin> pinOnAxes() const;
    void goTo(int row);

    std::shared_ptr<const ComparedRuns> m_compared;
    std::array<std::unique_ptr<Run>, 2> m_runs;
    std::optional<SideBySide> m_sideBySide;
    CompareHead* m_head;
    QSplitter* m_splitter;
    ClusterTable* m_table = nullptr;
    AlignBy m_alignBy = AlignBy::Matches;
    std::array<EventId, 2> m_alignedAt;           ///< while it is AlignBy::Selected
    std::optional<std::array<EventId, 2>> m_pin;  ///< events that a row was gone to in both runs
    std::size_t m_leader = 0;                     ///< the run that moved last
    bool m_isStepping = false;
    std::optional<int> m_wantedRow;    ///< to be gone to when both runs are drawn
    std::optional<Settings> m_wanted;  ///< to be shown then
};

}  // namespace alloclens
