// SPDX-License-Identifier: GPL-3.0-or-later
//
// One line under the tool bar that says what the colours and marks mean in the mode in force, and, while a stretch
// is dragged over, what it sums up to.
#pragma once

#include <QWidget>

#include <optional>
#include <utility>
#include <vector>

#include "app/gui/theme.h"
#include "core/timeline/scene.h"

class QPainter;

namespace alloclens {

/// What a scene shows and the legend explains.
struct LegendEntries {
    ColourMode mode = ColourMode::Memory;
    std::vector<std::pair<int, QString>> colours;  ///< of lifetimes, with what they mean
    std::vector<Blame> marks;                      ///< of refused frees, the gravest first
    bool hasSuspects = false;                      ///< frees in question are bracketed
};
[[nodiscard]] LegendEntries legendOf(const Scene& scene);
void paintLegend(QPainter& painter, const QRect& place, const LegendEntries& entries, const Theme& theme);

class Legend : public QWidget {
    Q_OBJECT
public:
    explicit Legend(QWidget* parent = nullptr);
    /// Null shows nothing.
    void setScene(const Scene* scene);
    /// Frees in question are bracketed on the timeline.
    void setSuspects(bool hasSuspects);
    /// Replaces the colours by a text; an empty text brings them back.
    void setText(const QString& text);
    static constexpr int kHeight = 24;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::optional<LegendEntries> m_entries;
    QString m_text;
};

}  // namespace alloclens
