// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/inspector/staircase.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

#include "app/gui/look/theme.h"
#include "app/gui/look/verdict_mark.h"
#include "app/gui/look/words.h"

namespace alloclens {
namespace {

constexpr int kHeight = 72;
constexpr int kBelow = 16;      // room for the marks
constexpr double kWidest = 24;  // of one step, so that three events do not look like a wall

}  // namespace

Staircase::Staircase(QWidget* parent) : QWidget(parent) {
    setObjectName("staircase");
    setAccessibleName(tr("Depth of this address over its events"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Staircase::showStory(const InspectorStory& story) {
    m_steps = story.steps;
    m_peakDepth = story.peakDepth;
    m_memory = story.memory;
    setAccessibleDescription(tr("Peak depth %1").arg(m_peakDepth));
    setVisible(!m_steps.empty());
    update();
}

QSize Staircase::sizeHint() const { return {200, kHeight}; }

double Staircase::leftOf(std::size_t step) const {
    const double width = std::min(kWidest, static_cast<double>(QWidget::width()) / static_cast<double>(m_steps.size()));
    return static_cast<double>(step) * width;
}

std::size_t Staircase::stepAt(double x) const {
    const double width = std::max(leftOf(1), 0.01);
    return std::min(m_steps.size() - 1, static_cast<std::size_t>(std::max(0.0, x) / width));
}

void Staircase::paintEvent(QPaintEvent*) {
    if (m_steps.empty()) return;
    const Theme& theme = Theme::current();
    QPainter painter(this);
    const int ground = height() - kBelow;
    const double unit = static_cast<double>(ground - 4) / std::max(1U, m_peakDepth);
    QColor fill = theme.memory[static_cast<std::size_t>(m_memory)];
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        const double left = leftOf(i);
        const double right = leftOf(i + 1);
        const double top = ground - m_steps[i].depth * unit;
        if (m_steps[i].isSelected) {
            QColor tint = theme.accent;
            tint.setAlphaF(0.25F);
            painter.fillRect(QRectF(left, 0, std::max(2.0, right - left), height()), tint);
        }
        painter.fillRect(QRectF(left, top, right - left, ground - top), fill);
    }
    painter.fillRect(QRectF(0, ground, leftOf(m_steps.size()), 1), theme.mutedText);
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < m_steps.size(); ++i) {
        if (!m_steps[i].refused) continue;
        const QPointF at((leftOf(i) + leftOf(i + 1)) / 2, ground + kBelow / 2.0 + 1);
        strokeMark(painter, *m_steps[i].refused, at, 3, markColour(theme, *m_steps[i].refused), 2);
    }
}

void Staircase::mousePressEvent(QMouseEvent* event) {
    if (!m_steps.empty()) emit eventChosen(m_steps[stepAt(event->position().x())].event);
}

bool Staircase::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && !m_steps.empty()) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const StoryStep& step = m_steps[stepAt(help->pos().x())];
        QToolTip::showText(help->globalPos(), tr("event %1: depth %2").arg(eventNumberText(step.event)).arg(step.depth),
                           this);
        return true;
    }
    return QWidget::event(event);
}

}  // namespace alloclens
