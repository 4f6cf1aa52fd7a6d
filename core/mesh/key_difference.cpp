// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mesh/key_difference.h"

#include <algorithm>
#include <cstdlib>

namespace alloclens {
namespace {

using Messages = std::vector<std::uint64_t>;

constexpr std::uint64_t kFree = 1;
constexpr std::uint64_t kSweep = 2;

Messages messagesOf(const Replay& replay, std::span<const EventId> ids) {
    const EventTable& events = replay.trace->events;
    Messages messages;
    messages.reserve(ids.size());
    for (const EventId id : ids) {
        const std::size_t i = id.index();
        switch (events.kind[i]) {
        case EventKind::Allocation:
            messages.push_back(std::uint64_t{events.size.numbers()[i]} << 8
                               | (static_cast<std::uint64_t>(events.memory[i]) + 3));
            break;
        case EventKind::Sweep: messages.push_back(kSweep); break;
        default: messages.push_back(kFree); break;
        }
    }
    return messages;
}

/// One event to add or remove on the way from our list to theirs.
struct Step {
    std::int64_t ours;    ///< events of ours before it
    std::int64_t theirs;  ///< events of theirs before it
    bool isLacking;       ///< theirs has an event that ours lacks; else ours has one too many
};

/// Finds the shortest way from one list to the other, in order (Myers, "An O(ND) Difference Algorithm", 1986). Returns
/// false if it has more than `most` steps.
bool shortestWay(std::span<const std::uint64_t> ours, std::span<const std::uint64_t> theirs, std::int64_t most,
                 std::vector<Step>& way) {
    const auto n = static_cast<std::int64_t>(ours.size());
    const auto m = static_cast<std::int64_t>(theirs.size());
    const std::int64_t middle = most + 1;
    std::vector<std::int64_t> reach(static_cast<std::size_t>(2 * most + 3), 0);
    std::vector<std::vector<std::int64_t>> history;
    const auto at = [middle](std::int64_t diagonal) { return static_cast<std::size_t>(diagonal + middle); };
    const auto isDown = [&at](const std::vector<std::int64_t>& from, std::int64_t k, std::int64_t d) {
        return k == -d || (k != d && from[at(k - 1)] < from[at(k + 1)]);
    };
    for (std::int64_t d = 0; d <= most; ++d) {
        history.push_back(reach);
        for (std::int64_t k = -d; k <= d; k += 2) {
            std::int64_t x = isDown(reach, k, d) ? reach[at(k + 1)] : reach[at(k - 1)] + 1;
            if (d == 0) x = 0;
            std::int64_t y = x - k;
            while (x < n && y < m && ours[static_cast<std::size_t>(x)] == theirs[static_cast<std::size_t>(y)]) ++x, ++y;
            reach[at(k)] = x;
            if (x < n || y < m) continue;
            // Walks back through what each step reached.
            std::int64_t px = n;
            std::int64_t py = m;
            for (std::int64_t step = d; step > 0; --step) {
                const auto& before = history[static_cast<std::size_t>(step)];
                const std::int64_t diagonal = px - py;
                const bool wasDown = isDown(before, diagonal, step);
                px = before[at(wasDown ? diagonal + 1 : diagonal - 1)];
                py = px - (wasDown ? diagonal + 1 : diagonal - 1);
                way.push_back({px, py, wasDown});
            }
            std::reverse(way.begin(), way.end());
            return true;
        }
    }
    return false;
}

class Difference {
public:
    Difference(const Replay& replay, AddressId reference, AddressId key)
        : m_theirIds(replay.eventsOf(reference)),
          m_ourIds(key.isValid() ? replay.eventsOf(key) : std::span<const EventId>()),
          m_theirs(messagesOf(replay, m_theirIds)),
          m_ours(messagesOf(replay, m_ourIds)) {}

    [[nodiscard]] KeyDifference find() {
        const std::size_t fewer = std::min(m_ours.size(), m_theirs.size());
        std::size_t head = 0;
        while (head < fewer && m_ours[head] == m_theirs[head]) ++head;
        std::size_t tail = 0;
        while (tail < fewer - head && m_ours[m_ours.size() - 1 - tail] == m_theirs[m_theirs.size() - 1 - tail]) ++tail;
        std::vector<Step> way;
        KeyDifference difference;
        const auto ours = std::span(m_ours).subspan(head, m_ours.size() - head - tail);
        const auto theirs = std::span(m_theirs).subspan(head, m_theirs.size() - head - tail);
        if (!shortestWay(ours, theirs, KeyDifference::kMostDiffering, way)) {
            difference.isApart = true;
            const bool isLacking = head < m_theirs.size();
            difference.events.push_back({isLacking ? m_theirIds[head] : m_ourIds[head], isLacking});
            return difference;
        }
        for (Step& step : way) {
            step.ours += static_cast<std::int64_t>(head);
            step.theirs += static_cast<std::int64_t>(head);
        }
        slide(way);
        for (const Step& step : way) {
            const auto place = static_cast<std::size_t>(step.isLacking ? step.theirs : step.ours);
            difference.events.push_back({step.isLacking ? m_theirIds[place] : m_ourIds[place], step.isLacking});
        }
        return difference;
    }

private:
    // In a row of equal messages (A F A F A F) any may be the extra one. Moves neighbouring steps of the same sort back
    // as long as the remaining messages get closer to their partners in the trace.
    void slide(std::vector<Step>& way) const {
        for (std::size_t begin = 0; begin < way.size();) {
            std::size_t end = begin + 1;
            while (end < way.size() && way[end].isLacking == way[begin].isLacking && isNext(way[end - 1], way[end]))
                ++end;
            const Step before = begin == 0 ? Step{0, 0, way[begin].isLacking} : behind(way[begin - 1]);
            while (canSlide(way[begin], static_cast<std::int64_t>(end - begin), before)) {
                for (std::size_t i = begin; i < end; ++i) --way[i].ours, --way[i].theirs;
            }
            begin = end;
        }
    }

    [[nodiscard]] static Step behind(Step step) {
        ++(step.isLacking ? step.theirs : step.ours);
        return step;
    }
    [[nodiscard]] static bool isNext(const Step& a, const Step& b) {
        return a.isLacking ? b.theirs == a.theirs + 1 && b.ours == a.ours
                           : b.ours == a.ours + 1 && b.theirs == a.theirs;
    }

    [[nodiscard]] bool canSlide(const Step& first, std::int64_t count, const Step& low) const {
        const bool isLacking = first.isLacking;
        const Messages& longer = isLacking ? m_theirs : m_ours;
        const std::span<const EventId> longIds = isLacking ? m_theirIds : m_ourIds;
        const std::span<const EventId> shortIds = isLacking ? m_ourIds : m_theirIds;
        const std::int64_t begin = isLacking ? first.theirs : first.ours;
        const std::int64_t partner = isLacking ? first.ours : first.theirs;
        if (first.ours <= low.ours || first.theirs <= low.theirs) return false;
        const auto before = static_cast<std::size_t>(begin - 1);
        const auto last = static_cast<std::size_t>(begin + count - 1);
        if (longer[before] != longer[last]) return false;
        const EventId ours = shortIds[static_cast<std::size_t>(partner - 1)];
        return distance(ours, longIds[last]) < distance(ours, longIds[before]);
    }
    [[nodiscard]] static std::uint64_t distance(EventId a, EventId b) {
        return a < b ? b.index() - a.index() : a.index() - b.index();
    }

    std::span<const EventId> m_theirIds;
    std::span<const EventId> m_ourIds;
    Messages m_theirs;
    Messages m_ours;
};

}  // namespace

KeyDifference differenceOf(const Replay& replay, AddressId reference, AddressId key) {
    return Difference(replay, reference, key).find();
}

}  // namespace alloclens
