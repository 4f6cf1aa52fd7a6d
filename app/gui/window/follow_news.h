// SPDX-License-Identifier: GPL-3.0-or-later
//
// What following a file has brought, said quietly in the status line: how fast events come, and double frees that were
// not there before, until they are looked at. A click goes to the first of them.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QToolButton>

#include <cstdint>

#include "app/gui/document/view_state.h"

namespace alloclens {

class FollowNews : public QToolButton {
    Q_OBJECT
public:
    explicit FollowNews(ViewState& state, QWidget* parent = nullptr);

    /// This window records, and whether that is what it shows.
    void setRecording(bool isRecording, bool isShown);
    /// Double frees that came since following began or the news was last clicked.
    [[nodiscard]] std::uint64_t newDoubleFrees() const { return m_newDoubleFrees; }

private:
    void begin();
    void takeNews();
    void describe();
    void goToFirst();

    ViewState& m_state;
    std::uint64_t m_document = 0;  ///< ViewState::documentNumber of what was counted
    bool m_isRecording = false;
    bool m_isRecordingShown = false;
    std::size_t m_events = 0;      ///< of it when it was counted last
    double m_eventsPerSecond = 0;  ///< of late
    std::uint64_t m_newDoubleFrees = 0;
    std::size_t m_firstNew = 0;  ///< event of the first of them
    QElapsedTimer m_sinceLast;
    QTimer m_quiet;  ///< nothing has come for a while
};

}  // namespace alloclens
