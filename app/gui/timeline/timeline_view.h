// SPDX-License-Identifier: GPL-3.0-or-later
//
// The centre of the window: overview strip, lanes of lifetimes with their marks, curve of live bytes, and the keys and
// mouse that move through them. Reads ViewState, changes it by its setters, and draws core/timeline's picture.
#pragma once

#include <QSize>
#include <QWidget>

#include <memory>

#include "app/gui/document/view_state.h"
#include "core/base/result.h"

namespace alloclens {

struct Scene;

class TimelineView : public QWidget {
    Q_OBJECT
public:
    explicit TimelineView(ViewState& state, QWidget* parent = nullptr);
    ~TimelineView() override;

    /// Without the curve of live bytes, where there is little room.
    void setReduced(bool isReduced);
    /// Room beside the trace that may be shown too, on the axis in force.
    void setRoom(const AcrossExtent& room);
    void showRange(const ViewRange& range);  ///< as far as there is something to show
    /// The same, but across exactly so, whatever is there.
    void showRangeAndRoom(const ViewRange& range);
    void showAll();       ///< the whole trace
    void fitSelection();  ///< the selected lifetime or address with some room around it; all without one
    /// False where no range is marked.
    bool clearMarkedRange();
    void zoom(double factor);                              ///< about the centre; above 1 is closer
    void pan(double fractionAcross, double fractionDown);  ///< by fractions of the visible part

    /// Writes what is visible as a picture; the suffix decides (.png, .svg, .pdf). A PNG has `scale` pixels for each of
    /// `size`. Whole or not at all.
    [[nodiscard]] Result<void> exportPicture(const QString& path, QSize size, double scale = 1) const;

    /// What is shown; null while nothing is.
    [[nodiscard]] std::shared_ptr<const Scene> scene() const;
    /// The lanes show exactly what the view state says; false while a scene or a picture is still to come.
    [[nodiscard]] bool isUpToDate() const;
    /// The same of the lanes alone: the curve of live bytes may still be on its way.
    [[nodiscard]] bool isPictureExact() const;
    /// Where a refused free is marked, in this widget's coordinates; null if it is hidden.
    [[nodiscard]] QPoint positionOf(FindingId finding) const;
    /// Where a free is bracketed as one in question, and the window that was exposed, in this widget's coordinates;
    /// null where they are not.
    [[nodiscard]] QRect bracketOf(EventId free) const;
    [[nodiscard]] QRect exposureWindow() const;

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

signals:
    /// What is under the mouse, for the status bar; empty when nothing is.
    void hovered(const QString& text);
    /// The lanes show the analysis, filter and axes of the view state now, or will as soon as they are painted.
    void sceneShown();

private:
    class Private;
    std::unique_ptr<Private> m_private;
};

}  // namespace alloclens
