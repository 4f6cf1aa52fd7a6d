// SPDX-License-Identifier: GPL-3.0-or-later
//
// One line under the tool bar that says what the colours and marks mean in the mode in force. Entries that have no room
// are counted, and named by the tooltip.
#pragma once

#include <QFontMetrics>
#include <QWidget>

#include <optional>
#include <utility>
#include <vector>

#include "app/gui/look/theme.h"
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
/// How many of its colours have no room in a line of that width; "+3" stands for them.
[[nodiscard]] int hiddenColours(const QFontMetrics& metrics, int width, const LegendEntries& entries);
void paintLegend(QPainter& painter, const QRect& place, const LegendEntries& entries, const Theme& theme);

class Legend : public QWidget {
    Q_OBJECT
public:
    explicit Legend(QWidget* parent = nullptr);
    /// Null shows nothing.
    void setScene(const Scene* scene);
    /// Frees in question are bracketed on the timeline.
    void setSuspects(bool hasSuspects);
    [[nodiscard]] static int heightFor(const QFont& font);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QString tip() const;

    std::optional<LegendEntries> m_entries;
};

}  // namespace alloclens
