// SPDX-License-Identifier: GPL-3.0-or-later
//
// The panel on the right: the whole story of what is selected. The story is gathered by a job; what was shown stays
// until the new one is there, so that nothing flickers while one walks through findings.
#pragma once

#include <QScrollArea>
#include <QTimer>

#include "app/gui/document/view_state.h"
#include "app/gui/jobs/jobs.h"
#include "app/gui/panels/inspector/inspector_story.h"

class QLabel;

namespace alloclens {

class Staircase;

class Inspector : public QScrollArea {
    Q_OBJECT
public:
    Inspector(ViewState& state, QWidget* parent = nullptr);

    /// All that is shown, as rich text.
    [[nodiscard]] QString shownHtml() const;
    /// The same as plain text.
    [[nodiscard]] QString shownText() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void follow();
    void showStory(InspectorStory story);
    void showNothing();
    void render();
    void followLink(const QString& link);
    QLabel* addLabel(QWidget* page);

    ViewState& m_state;
    InspectorStory m_story;
    bool m_isWhole = false;  ///< long lists are shown to their end
    QTimer m_retint;
    QLabel* m_head;
    QLabel* m_events;
    QLabel* m_depthTitle;
    Staircase* m_staircase;
    QLabel* m_lifetimes;
    Job m_job;
};

}  // namespace alloclens
