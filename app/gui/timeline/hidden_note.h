// SPDX-License-Identifier: GPL-3.0-or-later
//
// Says over the timeline that the filter hides what is selected, or everything, with a button that clears the filter.
// Owned by the timeline that it lies over; shows and hides itself.
#pragma once

#include <QFrame>

#include "app/gui/document/view_state.h"

class QLabel;

namespace alloclens {

class HiddenNote : public QFrame {
    Q_OBJECT
public:
    HiddenNote(const ViewState& state, QWidget& timeline);

signals:
    void clearRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] QString words() const;
    void describe();
    void place();

    const ViewState& m_state;
    QLabel* m_words;
};

/// What the filter hides of the selection: "the selected finding"; empty if it hides nothing of it.
[[nodiscard]] QString hiddenSelectionText(const ViewState& state);

}  // namespace alloclens
