// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether the devices of a mesh agree: a sentence, and the heat map of those that depart. The matrix is made by a job,
// for the mesh that is chosen and under the filter, and only while the panel is in sight. What is picked is selected
// everywhere, and what is selected elsewhere is outlined here.
#pragma once

#include <QWidget>

#include <memory>

#include "app/gui/document/view_state.h"
#include "app/gui/jobs/jobs.h"
#include "core/mesh/mesh_matrix.h"

class QComboBox;
class QLabel;
class QToolButton;

namespace alloclens {

class MeshLegend;
class MeshMap;

class MeshPanel : public QWidget {
    Q_OBJECT
public:
    MeshPanel(ViewState& state, QWidget* parent = nullptr);

    /// The matrix that is shown; null while there is none.
    [[nodiscard]] const std::shared_ptr<const MeshMatrix>& matrix() const { return m_matrix; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    void connectViews();
    void listMeshes();
    void refresh();
    void start();
    void show(std::shared_ptr<const MeshMatrix> matrix);
    void describe();
    void select(std::uint32_t divergence);
    void showSelection();

    ViewState& m_state;
    QComboBox* m_choice;
    QLabel* m_head;
    QToolButton* m_all;
    MeshLegend* m_legend;
    QLabel* m_note;
    MeshMap* m_map;
    std::shared_ptr<const MeshMatrix> m_matrix;
    std::shared_ptr<const Analysis> m_of;  ///< what m_matrix is of
    std::uint32_t m_mesh = 0;              ///< of that analysis
    bool m_isOfOtherFilter = false;
    bool m_isToChoose = false;  ///< what was selected last has not been looked at yet
    std::uint64_t m_documentNumber = 0;
    Job m_job;
};

}  // namespace alloclens
