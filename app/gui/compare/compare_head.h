// SPDX-License-Identifier: GPL-3.0-or-later
//
// The line above a comparison: what it comes to, how the timelines are aligned and a choice of that, and the buttons
// that swap the runs and end it.
#pragma once

#include <QWidget>

#include "core/compare/compare.h"

class QComboBox;
class QLabel;

namespace alloclens {

/// What puts the timelines of two runs side by side.
enum class AlignBy { Matches, Share, Selected };

class CompareHead : public QWidget {
    Q_OBJECT
public:
    explicit CompareHead(const Comparison& comparison, QWidget* parent = nullptr);

    /// Shows a choice and what came of it, without telling.
    void show(AlignBy by, const QString& words);
    using QWidget::show;

signals:
    void alignmentChosen(AlignBy by);
    void swapRequested();
    void closeRequested();

private:
    QComboBox* m_choice;
    QLabel* m_words;
};

}  // namespace alloclens
