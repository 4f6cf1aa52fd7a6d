// SPDX-License-Identifier: GPL-3.0-or-later
//
// The line at the window's bottom: what is open and what the filter leaves of it on the left, then the grade of its
// ledger, the selection on the right, and while a file loads how far it is, with a button to stop it.
#pragma once

#include <QStatusBar>

#include "app/gui/document/view_state.h"

class QLabel;
class QProgressBar;
class QToolButton;

namespace alloclens {

class FollowNews;

class StatusLine : public QStatusBar {
    Q_OBJECT
public:
    StatusLine(ViewState& state, QWidget* parent = nullptr);

    void showHovered(const QString& text);
    void showProgress(const QString& stage, double fraction);
    void hideProgress();
    /// `isShown`: what is recorded is what the window shows.
    void showRecording(bool isRecording, bool isShown);
    void tint();

signals:
    void cancelled();
    void ledgerRequested();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void describeDocument();
    void elide();
    void describeLedger();
    void describeSelection();

    ViewState& m_state;
    QLabel* m_document;
    QToolButton* m_grade;
    QLabel* m_selection;
    FollowNews* m_news;
    QLabel* m_stage;
    QProgressBar* m_progress;
    QToolButton* m_cancel;
    QString m_text;  ///< whole, where the label has it shortened to its width
    QString m_hovered;
};

}  // namespace alloclens
