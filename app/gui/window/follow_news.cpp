// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/follow_news.h"

#include <QStringList>

#include <algorithm>
#include <chrono>

#include "app/gui/look/words.h"

namespace alloclens {

FollowNews::FollowNews(ViewState& state, QWidget* parent) : QToolButton(parent), m_state(state) {
    setObjectName("followNews");
    setAutoRaise(true);
    hide();
    constexpr std::chrono::seconds kWhile{2};
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(kWhile);
    connect(&m_quiet, &QTimer::timeout, this, [this] {
        m_eventsPerSecond = 0;
        describe();
    });
    connect(&m_state, &ViewState::followingChanged, this, &FollowNews::begin);
    connect(&m_state, &ViewState::analysisChanged, this, &FollowNews::takeNews);
    connect(this, &QToolButton::clicked, this, &FollowNews::goToFirst);
}

// What came while it was followed can still be looked at afterwards.
void FollowNews::begin() {
    m_eventsPerSecond = 0;
    if (!m_state.isFollowing()) return describe();
    m_newDoubleFrees = 0;
    m_document = 0;
    takeNews();
}

void FollowNews::takeNews() {
    const auto& analysis = m_state.analysis();
    const bool isSame = m_document == m_state.documentNumber();
    if (!isSame) m_newDoubleFrees = 0;
    if (analysis && m_state.isFollowing()) {
        const std::size_t events = analysis->trace->events.count();
        if (isSame && events >= m_events) {
            const double seconds = std::max(0.001, static_cast<double>(m_sinceLast.elapsed()) / 1000);
            m_eventsPerSecond = static_cast<double>(events - m_events) / seconds;
            const auto& findings = analysis->findings.rows;
            const auto isBefore = [](const Finding& finding, std::size_t event) {
                return finding.primary.index() < event;
            };
            for (auto at = std::lower_bound(findings.begin(), findings.end(), m_events, isBefore); at != findings.end();
                 ++at) {
                if (static_cast<FindingKind>(at->kind) != FindingKind::DoubleFree) continue;
                if (m_newDoubleFrees++ == 0) m_firstNew = at->primary.index();
            }
        }
        m_document = m_state.documentNumber();
        m_events = events;
        m_sinceLast.restart();
        m_quiet.start();
    }
    describe();
}

void FollowNews::setRecording(bool isRecording, bool isShown) {
    m_isRecording = isRecording;
    m_isRecordingShown = isShown;
    describe();
}

void FollowNews::describe() {
    QStringList parts;
    if (m_newDoubleFrees > 0) parts += quantityText(m_newDoubleFrees, "new double free");
    if (m_state.isFollowing()) {
        QString state = m_isRecording ? tr("recording") : tr("following");
        if (m_eventsPerSecond >= 1) {
            state += tr(", %1 events/s").arg(countText(static_cast<std::uint64_t>(m_eventsPerSecond)));
        }
        parts += state;
    } else if (m_isRecording) {
        parts += m_isRecordingShown ? tr("recording, waiting for the first client") : tr("recording into another file");
    }
    setText(parts.join(QStringLiteral(" · ")));
    setToolTip(m_newDoubleFrees > 0
                   ? tr("Go to the first of the new double frees")
                   : tr("To end this, use File > %1").arg(m_isRecording ? tr("Stop recording") : tr("Stop following")));
    setAccessibleName(text());
    setVisible(!parts.isEmpty());
}

void FollowNews::goToFirst() {
    if (m_newDoubleFrees == 0) return;
    m_newDoubleFrees = 0;
    m_state.selectEvent(EventId(m_firstNew));
    m_state.revealSelection();
    describe();
}

}  // namespace alloclens
