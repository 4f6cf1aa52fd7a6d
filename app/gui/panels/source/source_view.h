// SPDX-License-Identifier: GPL-3.0-or-later
//
// The file itself, of any size: paints the lines that are visible and nothing else. A gutter has the line numbers and
// a dot for lines with events; lines of the selected finding carry their role. A click or the arrow keys move the
// current line, which is the window's selection.
#pragma once

#include <QAbstractScrollArea>

#include "app/gui/document/view_state.h"
#include "app/gui/panels/source/source_lines.h"

class QPainter;

namespace alloclens {

class SourceView : public QAbstractScrollArea {
    Q_OBJECT
public:
    SourceView(ViewState& state, QWidget* parent = nullptr);

    /// The line that is selected, 1-based; 0 if none is.
    [[nodiscard]] std::uint32_t currentLine() const { return m_state.selection().line; }
    [[nodiscard]] std::uint32_t firstVisibleLine() const { return m_top; }
    /// What is shown of a line; empty while it is being read.
    [[nodiscard]] QString shownText(std::uint32_t line) const;
    /// Why the file cannot be read any more; empty while it can.
    [[nodiscard]] const QString& problem() const { return m_lines.problem(); }
    /// Scrolls as little as is needed to have the line in sight, with some lines around it.
    void bringIntoSight(std::uint32_t line);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    void openTrace();
    void follow();
    void updateBars();
    void setTop(std::uint32_t line);
    void moveCurrent(std::int64_t by);
    [[nodiscard]] QString textOfCurrent() const;
    void paintLine(QPainter& painter, std::uint32_t line, int y) const;
    [[nodiscard]] std::uint32_t lineCount() const;
    [[nodiscard]] std::uint32_t linesInSight() const;
    [[nodiscard]] std::uint32_t lastTop() const;
    [[nodiscard]] int lineHeight() const;
    [[nodiscard]] int gutterWidth() const;

    ViewState& m_state;
    SourceLines m_lines;
    std::uint64_t m_shownDocument = 0;
    std::uint32_t m_shownLines = 0;
    std::uint32_t m_top = 1;
    std::uint32_t m_linesPerStep = 1;  ///< lines a step of the scroll bar, whose values are ints
    int m_wheelRest = 0;
    bool m_isSettingBar = false;
};

}  // namespace alloclens
