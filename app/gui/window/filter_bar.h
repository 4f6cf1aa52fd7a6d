// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the filter is typed. A text that parses is asked for after a short pause; one that does not is marked where it
// goes wrong, with what would be right below it, and the last good filter stays in force: the bar then says that the
// text is not applied, and Esc brings back the text that is. Completes words with values of the open trace.
#pragma once

#include <QTimer>
#include <QWidget>

#include "app/gui/document/view_state.h"

class QAction;
class QCompleter;
class QLabel;
class QLineEdit;
class QStringListModel;

namespace alloclens {

class FilterBar : public QWidget {
    Q_OBJECT
public:
    FilterBar(ViewState& state, QWidget* parent = nullptr);

    void startTyping();
    /// Also of a text that was never in force, as it is wrong.
    void clear();
    void tint();
    /// What is wrong with a text that parsed, such as a source that cannot be read.
    void showProblem(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void follow();
    void apply();
    void offerCompletions();
    void complete(const QString& candidate);
    void mark(const FilterError* error);
    void placeProblem();
    void restore();
    [[nodiscard]] bool isInForce() const;
    void sayWhetherInForce();
    [[nodiscard]] bool popupKey(int key);
    [[nodiscard]] bool editEvent(QEvent* event);

    ViewState& m_state;
    QLineEdit* m_edit;
    QLabel* m_hint;
    QLabel* m_problem;
    QAction* m_lead;
    QAction* m_clear;
    QCompleter* m_completer;
    QStringListModel* m_candidates;
    qsizetype m_wordStart = 0;
    QTimer m_pause;
};

}  // namespace alloclens
