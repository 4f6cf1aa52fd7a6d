// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/event_correction.h"

#include <algorithm>

#include "importers/server_log/foreign_digits.h"
#include "importers/server_log/line_class.h"

namespace alloclens::server_log {

void EventCorrection::wantKeys() {
    if (m_names.hasStrangers()) findStrangers();
    std::size_t from = 0;
    for (const DamagedLine& damaged : m_damage.lines) {
        const auto [first, last] = m_drafted.near(damaged.line);
        for (std::size_t i = std::max(first, from); i < last; ++i) {
            if (const auto event = m_drafted.at(i)) wantOthers(*event);
        }
        from = std::max(from, last);
    }
}

void EventCorrection::wantOthers(const TracePart::Event& event) {
    m_history.want(event.key);
    forEachOther(event, [this](const TracePart::Event& other) { m_history.want(other.key); });
}

void EventCorrection::findStrangers() {
    constexpr std::size_t kMost = 10'000;
    for (std::size_t i = 0; i < m_drafted.count() && m_strangers.size() < kMost; ++i) {
        const auto event = m_drafted.at(i);
        if (!event || m_names.hasBoth(*event)) continue;
        m_strangers.push_back(i);
        wantOthers(*event);
    }
}

// A refusal may be cut right behind its id, where it reads like one of the oldest servers', which named no device.
Result<void> EventCorrection::placeRefusals(LogWindow& window) {
    for (const DamagedLine& damaged : m_damage.lines) {
        if (damaged.code != DiagnosticCode::MissingDevice) continue;
        if (auto done = window.moveTo(damaged.offset); !done) return done;
        std::int32_t device = kNoDevice;
        if (window.lineCount() < 2 || !matchRestOfRefusal(window.line(1), device)) continue;
        if (!m_names.hasDevice(device)) continue;
        for (std::size_t i = m_drafted.firstFrom(damaged.line); i < m_drafted.count(); ++i) {
            if (m_drafted.lineOf(i) != damaged.line) break;
            const auto event = m_drafted.at(i);
            if (!event || event->kind != EventKind::RefusedFree || event->key.device != kNoDevice) continue;
            place(i, *event, device);
            m_report.heal(damaged.line + 1, classOf(window.line(1)));
        }
    }
    return {};
}

void EventCorrection::place(std::size_t i, TracePart::Event event, std::int32_t device) {
    (void)m_history.remove(event.key, EventPlace::of(i));
    event.key.device = device;
    m_history.insert(event, EventPlace::of(i));
    m_drafted.replace(i, event);
    EventMatch match;
    match.event = event;
    m_report.addRead(event.line, event.line + 1, match);
}

bool EventCorrection::correctNumbers() {
    bool isAny = false;
    for (const std::size_t i : m_strangers) {
        if (const auto event = m_drafted.at(i)) isAny |= correct(i, *event);
    }
    std::size_t from = 0;
    for (const DamagedLine& damaged : m_damage.lines) {
        const auto [first, last] = m_drafted.near(damaged.line);
        for (std::size_t i = std::max(first, from); i < last; ++i) {
            if (const auto event = m_drafted.at(i)) isAny |= correct(i, *event);
        }
        from = std::max(from, last);
    }
    return isAny;
}

void EventCorrection::forEachOther(const TracePart::Event& event, const Visit& visit) const {
    forEachCut(event, m_drafted.isHexadecimal(), visit);
    if (m_names.hasDevice(event.key.device)) return;
    // A 0 before other digits is not among the digits of their number.
    TracePart::Event other = event;
    other.key.device = 0;
    visit(other);
}

bool EventCorrection::correct(std::size_t i, const TracePart::Event& event) {
    if (event.key.device == kNoDevice) return false;
    const EventPlace place = EventPlace::of(i);
    if (!m_history.holds(event.key, place) || m_history.fit(event, place) == Fit::Strong) return false;
    const std::optional<TracePart::Event> meant = theOneMeant(event, place);
    if (!meant) return false;
    replace(event, *meant, place);
    m_drafted.replace(i, *meant);
    EventMatch match;
    match.event = *meant;
    match.isHexadecimal = m_drafted.isHexadecimal();
    m_report.addCorrected(event.line, match);
    return true;
}

std::optional<TracePart::Event> EventCorrection::theOneMeant(const TracePart::Event& event, EventPlace place) {
    std::optional<TracePart::Event> found;
    bool isUnique = true;
    forEachOther(event, [&](const TracePart::Event& other) {
        if (!setsRight(event, other, place)) return;
        // A number may lose the same digits at either end.
        const bool isSame = found && found->key == other.key && found->size == other.size && found->pid == other.pid
                            && found->refCount == other.refCount;
        isUnique &= !found || isSame;
        found = other;
    });
    return isUnique ? found : std::nullopt;
}

// The other event must be confirmed by another line, and set right what this one makes wrong.
bool EventCorrection::setsRight(const TracePart::Event& event, const TracePart::Event& other, EventPlace place) {
    if (!m_names.hasBoth(other) || m_history.fit(other, place) != Fit::Strong) return false;
    const auto wrong = [&] {
        return m_history.contradictions(event.key) + (other.key != event.key ? m_history.contradictions(other.key) : 0);
    };
    const std::size_t wrongBefore = wrong();
    replace(event, other, place);
    const std::size_t left = wrong();
    replace(other, event, place);
    return left < wrongBefore;
}

void EventCorrection::replace(const TracePart::Event& event, const TracePart::Event& other, EventPlace place) {
    (void)m_history.remove(event.key, place);
    m_history.insert(other, place);
}

}  // namespace alloclens::server_log
