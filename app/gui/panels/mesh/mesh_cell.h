// SPDX-License-Identifier: GPL-3.0-or-later
//
// How one cell of the mesh's heat map looks: blue where the device lacks events, ochre where it has too many, darker
// (on a dark ground: lighter) by powers of ten, and hatched where it goes its own way. A cell of several kinds is
// divided, so that none hides another. The legend explains the same colours.
#pragma once

#include <QWidget>

#include "app/gui/look/theme.h"
#include "core/mesh/mesh_matrix.h"

class QPainter;

namespace alloclens {

/// The step of the scale for so many events: 0 for one, then below 10, below 100, and from 100 on.
[[nodiscard]] std::size_t residualStep(std::uint64_t events);
/// "−3", "+12", "−3 +1", "too different": what a cell has too few or too many.
[[nodiscard]] QString residualText(const MeshMatrix::Sum& sum);
/// Fills `place`, with the numbers where there is room. Nothing for a cell that is in step.
void paintMeshCell(QPainter& painter, const QRect& place, const MeshMatrix::Sum& sum, const Theme& theme);

class MeshLegend : public QWidget {
    Q_OBJECT
public:
    explicit MeshLegend(QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace alloclens
