// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/odd_times.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "core/base/time_units.h"
#include "core/base/units.h"
#include "core/trace/event.h"

namespace alloclens {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
/// Nobody records for longer, and clocks that were never set are further away.
constexpr std::int64_t kFarthest = 400 * 24 * 3600 * kSecond;
/// Messages of several programs may come so much out of their order.
constexpr std::int64_t kSlack = kSecond;
/// After a time that went back, so many of the next ones decide whether the clock did.
constexpr std::size_t kOutlook = 32;

/// The middle one of some thousands of the times; none where no event has one.
std::optional<std::int64_t> middleOf(const Column<std::int64_t>& times) {
    constexpr std::size_t kSamples = 4096;
    std::vector<std::int64_t> known;
    const std::size_t step = times.size() / kSamples + 1;
    for (std::size_t at = 0; at < times.size(); at += step) {
        if (times[at] != kNoTime) known.push_back(times[at]);
    }
    if (known.empty()) {  // only few have one
        for (const std::int64_t time : times) {
            if (time != kNoTime) known.push_back(time);
        }
    }
    if (known.empty()) return std::nullopt;
    const auto middle = known.begin() + static_cast<std::ptrdiff_t>(known.size() / 2);
    std::nth_element(known.begin(), middle, known.end());
    return *middle;
}

/// Between these nothing below overflows.
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min() / 2;
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() - 2 * kSlack;

class Mender {
public:
    Mender(Column<std::int64_t>& times, const Column<std::uint32_t>& lines, Diagnostics& diagnostics,
           std::int64_t middle)
        : m_times(times),
          m_lines(lines),
          m_diagnostics(diagnostics),
          m_from(std::max(middle, kLeast + kFarthest) - kFarthest),
          m_to(std::min(middle, kMost - kFarthest) + kFarthest) {}

    void run() {
        for (std::size_t i = 0; i < m_times.size(); ++i) {
            if (m_times[i] == kNoTime) continue;
            if (!isPlausible(m_times[i])) {
                takeAway(i);
                continue;
            }
            m_times[i] = shifted(m_times[i]);
            if (!m_latest || m_times[i] >= *m_latest - kSlack) {
                goOn(i);
            } else {
                goBack(i);
            }
        }
        tellOdd();
    }

private:
    [[nodiscard]] bool isPlausible(std::int64_t time) const { return time >= m_from && time <= m_to; }
    [[nodiscard]] std::int64_t shifted(std::int64_t time) const {
        return time > kMost - m_shift ? kMost : time + m_shift;
    }
    [[nodiscard]] std::uint32_t lineOf(std::size_t event) const {
        return event < m_lines.size() ? m_lines[event] : static_cast<std::uint32_t>(event + 1);
    }

    void goOn(std::size_t event) {
        if (m_latest && m_times[event] > *m_latest + kSlack) {
            m_leapAt = event;
            m_beforeLeap = *m_latest;
        }
        m_latest = std::max(m_latest.value_or(m_times[event]), m_times[event]);
    }

    // Times that leapt ahead for a moment were wrong; else the clock was set back, or this is a message that came late
    // and stands at the latest time anyway.
    void goBack(std::size_t event) {
        const std::int64_t time = m_times[event];
        if (m_leapAt && time >= m_beforeLeap - kSlack) {
            for (std::size_t i = *m_leapAt; i < event; ++i) {
                if (m_times[i] != kNoTime && m_times[i] > time) takeAway(i);
            }
            m_latest = std::max(m_beforeLeap, time);
            m_leapAt.reset();
        } else if (staysBack(event)) {
            const std::int64_t step = timeBetween(time, *m_latest);
            tellStep(event, step);
            m_shift = std::min(m_shift, kMost - step) + step;
            m_times[event] = *m_latest;
            m_leapAt.reset();
        }
    }

    [[nodiscard]] bool staysBack(std::size_t event) const {
        std::size_t known = 0;
        std::size_t back = 0;
        for (std::size_t i = event; i < m_times.size() && known < kOutlook; ++i) {
            if (!isPlausible(m_times[i])) continue;
            const std::int64_t time = i == event ? m_times[i] : shifted(m_times[i]);
            ++known;
            back += time < *m_latest - kSlack ? 1 : 0;
        }
        return 2 * back > known;
    }

    void takeAway(std::size_t event) {
        const std::int64_t time = m_times[event];
        m_least = m_odd == 0 ? time : std::min(m_least, time);
        m_most = m_odd == 0 ? time : std::max(m_most, time);
        m_firstOdd = m_odd == 0 ? event : std::min(m_firstOdd, event);
        ++m_odd;
        m_times[event] = kNoTime;
    }

    void tellOdd() {
        if (m_odd == 0) return;
        const std::string range = m_least == m_most ? formatTime(m_least)
                                                    : fmt::format("{} to {}", formatTime(m_least), formatTime(m_most));
        m_diagnostics.add(
            {DiagnosticCode::OddTime, lineOf(m_firstOdd),
             fmt::format(
                 "{} out of line with the others ({}) and ignored: these events get the time of their neighbours",
                 formatQuantity(m_odd, "time is", "times are"), range)});
        m_diagnostics.addUnkept(DiagnosticCode::OddTime, m_odd - 1);
    }

    void tellStep(std::size_t event, std::int64_t step) {
        const std::string length = formatDuration(step);
        m_diagnostics.add(
            {DiagnosticCode::OddTime, lineOf(event),
             fmt::format("the clock was set back by {} (to {}): AllocLens shows the times from here on {} later",
                         length, formatTime(m_times[event] - m_shift), length)});
    }

    Column<std::int64_t>& m_times;
    const Column<std::uint32_t>& m_lines;
    Diagnostics& m_diagnostics;
    const std::int64_t m_from;
    const std::int64_t m_to;
    std::optional<std::int64_t> m_latest;
    std::int64_t m_shift = 0;             ///< added to the times, after the clock was set back
    std::optional<std::size_t> m_leapAt;  ///< the event whose time was far ahead of those before it
    std::int64_t m_beforeLeap = 0;
    std::uint64_t m_odd = 0;
    std::size_t m_firstOdd = 0;
    std::int64_t m_least = 0;
    std::int64_t m_most = 0;
};

}  // namespace

void mendTimes(Column<std::int64_t>& times, const Column<std::uint32_t>& lines, Diagnostics& diagnostics) {
    if (const auto middle = middleOf(times)) Mender(times, lines, diagnostics, *middle).run();
}

}  // namespace alloclens
