// SPDX-License-Identifier: GPL-3.0-or-later
//
// The curve of live bytes below the lanes, in step with them: the peak of each pixel column, so that no burst falls
// between two pixels. Scaled to the highest peak in sight.
#pragma once

#include <QWidget>

#include <memory>

#include "app/gui/document/view_state.h"
#include "app/gui/look/theme.h"
#include "core/timeline/scene.h"

class QPainter;

namespace alloclens {

void paintLiveBytes(QPainter& painter, const QRect& place, const Scene& scene, const ViewRange& range,
                    const Theme& theme);

class LiveBytesStrip : public QWidget {
    Q_OBJECT
public:
    LiveBytesStrip(ViewState& state, QWidget* parent = nullptr);
    void setScene(std::shared_ptr<const Scene> scene);
    [[nodiscard]] static int heightFor(const QFont& font);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    ViewState& m_state;
    std::shared_ptr<const Scene> m_scene;
};

}  // namespace alloclens
