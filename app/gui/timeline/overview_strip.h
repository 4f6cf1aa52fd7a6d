// SPDX-License-Identifier: GPL-3.0-or-later
//
// The whole trace in one strip above the lanes: how busy each part is, where refused frees lie, and which part is
// visible. Dragging moves the visible part. Findings are never thinned out: a column with one refused free shows it.
#pragma once

#include <QPixmap>
#include <QWidget>

#include <memory>

#include "app/gui/document/view_state.h"
#include "app/gui/look/theme.h"
#include "core/timeline/scene.h"

class QPainter;

namespace alloclens {

/// Paints the strip into `place`, its columns between the margins of the lanes.
void paintOverview(QPainter& painter, const QRect& place, const Scene& scene, const ViewRange& range,
                   const Theme& theme);

class OverviewStrip : public QWidget {
    Q_OBJECT
public:
    OverviewStrip(ViewState& state, QWidget* parent = nullptr);
    void setScene(std::shared_ptr<const Scene> scene);
    [[nodiscard]] QSize sizeHint() const override { return {400, kHeight}; }
    static constexpr int kHeight = 44;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    void centreOn(double x);
    [[nodiscard]] const QPixmap& ground(const Theme& theme);

    ViewState& m_state;
    std::shared_ptr<const Scene> m_scene;
    // All but the visible part, and what it was painted for.
    QPixmap m_ground;
    bool m_groundIsDark = false;
    bool m_groundHasBytes = false;
};

}  // namespace alloclens
