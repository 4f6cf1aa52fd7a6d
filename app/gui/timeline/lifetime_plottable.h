// SPDX-License-Identifier: GPL-3.0-or-later
//
// Paints the scene inside a QCustomPlot: grounds, lifetimes, selection, marks, names. What every pixel shows is decided
// by core/timeline; this only paints it, and keeps the picture while range, size and theme stay the same. A picture
// that takes longer than a frame is made in the background; until it is there, the last one is shown, moved and
// stretched to the new range.
#pragma once

#include <qcustomplot.h>

#include <memory>

#include "app/gui/jobs/jobs.h"
#include "app/gui/timeline/lane_painter.h"
#include "app/gui/timeline/suspect_brackets.h"
#include "core/timeline/scene.h"

namespace alloclens {

class LifetimePlottable : public QCPAbstractPlottable {
    Q_OBJECT
public:
    LifetimePlottable(QCPAxis* across, QCPAxis* down);

    void setScene(std::shared_ptr<const Scene> scene);
    /// The frees in question of the selected finding; none where it has none.
    [[nodiscard]] const std::optional<SuspectBrackets>& brackets() const { return m_brackets; }
    void setSelection(const Selection& selection, const std::optional<MarkedRange>& marked);
    /// Makes the picture that painting will show if that is quick; else it follows, and the plot is painted again.
    void findPicture();
    /// The plot has been told to paint, and will do so soon.
    void expectPainting() { m_isPainted = false; }
    /// What was painted last, or is about to be, is exactly what the plot shows, and no better picture is on its way.
    [[nodiscard]] bool isExact() const { return m_isPainted && !m_job.isRunning(); }
    /// While set, the picture is always waited for: for files.
    void setWaiting(bool isWaiting) { m_isWaiting = isWaiting; }

    double selectTest(const QPointF& position, bool onlySelectable, QVariant* details) const override;
    QCPRange getKeyRange(bool& isFound, QCP::SignDomain domain) const override;
    QCPRange getValueRange(bool& isFound, QCP::SignDomain domain, const QCPRange& keys) const override;

protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter* painter, const QRectF& rectangle) const override;
    [[nodiscard]] QRect clipRect() const override;  // the names stand outside the axis rectangle

private:
    /// A picture and what it was drawn for.
    struct Shown {
        QImage image;
        std::shared_ptr<const Scene> scene;
        ViewRange range;
        QSize pixels;
        double ratio = 1;  ///< of them to the painter's units
        bool isDark = false;
        [[nodiscard]] bool isLike(const Shown& other) const {
            return scene == other.scene && range == other.range && pixels == other.pixels && ratio == other.ratio
                   && isDark == other.isDark;
        }
    };

    [[nodiscard]] ViewRange range() const;
    [[nodiscard]] static Result<Shown> made(Shown wanted, const TaskContext& task);
    void findPicture(double ratio);
    void find(const Shown& wanted);
    void request(const Shown& wanted);

    std::shared_ptr<const Scene> m_scene;
    Selection m_selection;
    std::optional<SuspectBrackets> m_brackets;  ///< of the selection
    std::optional<MarkedRange> m_marked;
    Shown m_shown;
    Shown m_requested;  ///< without an image
    bool m_isPainted = false;
    bool m_isWaiting = false;
    Job m_job;
};

}  // namespace alloclens
