// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/legend.h"

#include <QPainter>

#include "app/gui/timeline/class_palette.h"

namespace alloclens {

Legend::Legend(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("legend"));
    setAccessibleName(tr("Meaning of the colours"));
    setFixedHeight(kHeight);
}

void Legend::setScene(std::shared_ptr<const Scene> scene) {
    m_scene = std::move(scene);
    m_colours.clear();
    if (m_scene) {
        for (int i = 0; i < colourCount(m_scene->options.colourMode); ++i) {
            constexpr std::uint32_t kBothShades = 3;
            if ((m_scene->classesUsed & (kBothShades << (1 + 2 * i))) != 0) m_colours.push_back(i);
        }
    }
    update();
}

void Legend::setText(const QString& text) {
    if (text == m_text) return;
    m_text = text;
    setAccessibleDescription(text);
    update();
}

void Legend::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const Theme& theme = Theme::current();
    painter.fillRect(rect(), theme.base);
    if (!m_scene) return;
    constexpr int kSwatch = 10;
    constexpr int kGap = 16;
    int x = 8;
    const int middle = height() / 2;
    if (!m_text.isEmpty()) {
        painter.setPen(theme.text);
        painter.drawText(rect().adjusted(x, 0, -x, 0), Qt::AlignLeft | Qt::AlignVCenter, m_text);
        return;
    }
    const auto label = [&](const QString& words) {
        painter.setPen(theme.mutedText);
        const int wide = painter.fontMetrics().horizontalAdvance(words);
        painter.drawText(QRect(x, 0, wide + 2, height()), Qt::AlignLeft | Qt::AlignVCenter, words);
        x += wide + kGap;
    };
    const ColourMode mode = m_scene->options.colourMode;
    for (const int colour : m_colours) {
        painter.fillRect(x, middle - kSwatch / 2, kSwatch / 2, kSwatch, modeColour(theme, mode, colour));
        painter.fillRect(x + kSwatch / 2, middle - kSwatch / 2, kSwatch / 2, kSwatch,
                         modeColour(theme, mode, colour, true));
        x += kSwatch + 5;
        label(QString::fromStdString(colourMeaning(*m_scene->analysis, mode, colour)));
    }
    if (!m_scene->marks.empty()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme.refusedFree, 2, Qt::SolidLine, Qt::RoundCap));
        constexpr double kArm = 3.5;
        const QPointF centre(x + kArm, middle);
        painter.drawLine(centre + QPointF(-kArm, -kArm), centre + QPointF(kArm, kArm));
        painter.drawLine(centre + QPointF(-kArm, kArm), centre + QPointF(kArm, -kArm));
        x += kSwatch + 5;
        label(tr("refused free"));
    }
}

}  // namespace alloclens
