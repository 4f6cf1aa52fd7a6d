// SPDX-License-Identifier: GPL-3.0-or-later
//
// The depth of one address over its events as a small staircase: up with each allocation, down with each free, below
// the ground the mark of its verdict where a free was refused. A click chooses an event.
#pragma once

#include <QWidget>

#include <vector>

#include "app/gui/panels/inspector/inspector_story.h"

namespace alloclens {

class Staircase : public QWidget {
    Q_OBJECT
public:
    explicit Staircase(QWidget* parent = nullptr);

    void showStory(const InspectorStory& story);
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void eventChosen(EventId event);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] double leftOf(std::size_t step) const;
    [[nodiscard]] std::size_t stepAt(double x) const;

    std::vector<StoryStep> m_steps;
    std::uint32_t m_peakDepth = 0;
    Memory m_memory = Memory::Unknown;
};

}  // namespace alloclens
