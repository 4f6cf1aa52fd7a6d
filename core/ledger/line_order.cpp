// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/line_order.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/units.h"

namespace alloclens {
namespace {

/// So many lines in a row that are older than those before them are a part in the wrong place; fewer are lines that
/// overtook each other on their way.
constexpr std::size_t kShortestPart = 8;
/// More of them are clocks that disagree.
constexpr std::size_t kMostParts = 8;

// A time of day begins anew at midnight, and syslog's date in January: the smaller step is the likelier one.
void unwrap(std::vector<StampedLine>& stamps) {
    constexpr std::int64_t kDay = std::int64_t{24} * 3600 * 1'000'000'000;
    constexpr std::int64_t kYear = 366 * kDay;
    const auto latest = std::max_element(stamps.begin(), stamps.end(),
                                         [](const StampedLine& a, const StampedLine& b) { return a.stamp < b.stamp; });
    const bool isOfDay = latest->stamp <= kDay;
    const std::int64_t period = isOfDay ? kDay : kYear;
    std::int64_t added = 0;
    std::int64_t before = stamps.front().stamp;
    for (StampedLine& at : stamps) {
        const std::int64_t step = at.stamp - before;
        before = at.stamp;
        if (step < -period / 2) added += period;
        if (step > period / 2) added -= period;
        at.stamp += added;
    }
}

struct Steps {
    std::size_t rises = 0;
    std::size_t falls = 0;
};

Steps countSteps(const std::vector<StampedLine>& stamps) {
    Steps steps;
    for (std::size_t i = 1; i < stamps.size(); ++i) {
        steps.rises += stamps[i].stamp > stamps[i - 1].stamp ? 1 : 0;
        steps.falls += stamps[i].stamp < stamps[i - 1].stamp ? 1 : 0;
    }
    return steps;
}

bool runsBackwards(const Steps& steps) {
    constexpr std::size_t kFewest = 2;
    constexpr std::size_t kOneInWrong = 8;
    return steps.falls >= kFewest && steps.rises * kOneInWrong <= steps.falls;
}

/// A row of `stamps` from which on lines are older than those before it.
struct Boundary {
    std::size_t row = 0;
    std::size_t latest = 0;  ///< the row before it with the latest stamp
};

// Where times have whole seconds only, lines of the same moment may differ by one.
std::int64_t toleranceOf(const std::vector<StampedLine>& stamps) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    const bool isCoarse = std::all_of(stamps.begin(), stamps.end(),
                                      [](const StampedLine& at) { return at.stamp % kSecond == 0; });
    return isCoarse ? kSecond : 0;
}

std::vector<Boundary> findBoundaries(const std::vector<StampedLine>& stamps) {
    std::vector<Boundary> boundaries;
    const std::int64_t tolerance = toleranceOf(stamps);
    std::size_t latest = 0;
    std::size_t first = 0;  // of the older ones
    std::size_t latestOlder = 0;
    for (std::size_t i = 1; i < stamps.size(); ++i) {
        if (stamps[i].stamp + tolerance >= stamps[latest].stamp) {
            if (stamps[i].stamp >= stamps[latest].stamp) latest = i;
            first = 0;
            continue;
        }
        if (first == 0) first = latestOlder = i;
        if (stamps[i].stamp >= stamps[latestOlder].stamp) latestOlder = i;
        if (i - first + 1 < kShortestPart) continue;
        boundaries.push_back({first, latest});
        latest = latestOlder;
        first = 0;
    }
    return boundaries;
}

std::size_t eventAt(const Trace& trace, std::uint32_t line) {
    const auto& lines = trace.events.line;
    return static_cast<std::size_t>(std::lower_bound(lines.begin(), lines.end(), line) - lines.begin());
}

/// Where the stretch that begins at a boundary stands a first time: the same stamp before the same events.
std::optional<std::uint32_t> firstCopy(const Trace& trace, const std::vector<StampedLine>& stamps, std::size_t row) {
    constexpr std::size_t kAlike = 16;
    constexpr std::size_t kFewestAlike = 8;
    const std::size_t again = eventAt(trace, stamps[row].line);
    for (std::size_t i = 0; i < row; ++i) {
        // In a large log the line itself may lie between two that were looked at.
        const bool isAt = stamps[i].stamp == stamps[row].stamp;
        const bool isBetween = stamps[i].stamp < stamps[row].stamp && stamps[i + 1].stamp > stamps[row].stamp;
        if (!isAt && !(isBetween && i + 1 < row)) continue;
        const std::size_t from = eventAt(trace, stamps[i].line);
        const std::size_t to = isAt ? from + 1 : eventAt(trace, stamps[i + 1].line);
        for (std::size_t event = from; event < std::min(to, again); ++event) {
            if (countAlike(trace.events, event, again, kAlike) >= kFewestAlike) return trace.events.line[event];
        }
    }
    return std::nullopt;
}

}  // namespace

std::size_t countAlike(const EventTable& events, std::size_t a, std::size_t b, std::size_t most) {
    most = std::min(most, events.count() - std::max(a, b));
    const AddressId* const addresses = events.address.data();
    const EventKind* const kinds = events.kind.data();
    const NarrowColumn& processes = events.process.codes();
    const NarrowColumn& sizes = events.size.numbers();
    const NarrowColumn& refCounts = events.refCount;
    const auto isAlike = [=, &processes, &sizes, &refCounts](std::size_t x, std::size_t y) {
        return addresses[x] == addresses[y] && kinds[x] == kinds[y] && sizes[x] == sizes[y]
               && processes[x] == processes[y] && refCounts[x] == refCounts[y];
    };
    std::size_t count = 0;
    while (count < most && isAlike(a + count, b + count)) ++count;
    return count;
}

std::vector<Diagnostic> orderFaultsByStamps(const Trace& trace, std::vector<StampedLine> stamps) {
    if (stamps.size() < kShortestPart) return {};
    unwrap(stamps);
    if (runsBackwards(countSteps(stamps))) {
        return {{DiagnosticCode::NewestFirst, stamps.front().line,
                 fmt::format("the times of the lines run backwards from line {} to line {}",
                             formatCount(stamps.front().line), formatCount(stamps.back().line))}};
    }
    std::vector<Diagnostic> faults;
    const std::vector<Boundary> boundaries = findBoundaries(stamps);
    if (boundaries.size() > kMostParts) return faults;
    for (const Boundary& boundary : boundaries) {
        const std::uint32_t line = stamps[boundary.row].line;
        if (const auto copy = firstCopy(trace, stamps, boundary.row)) {
            faults.push_back({DiagnosticCode::RepeatedStretch, line,
                              fmt::format("the lines from {} on are already at line {}, with the same times",
                                          formatCount(line), formatCount(*copy))});
        } else {
            faults.push_back({DiagnosticCode::PartsOutOfOrder, line,
                              fmt::format("the lines from {} on are older than line {}, which comes before them",
                                          formatCount(line), formatCount(stamps[boundary.latest].line))});
        }
    }
    return faults;
}

std::vector<Diagnostic> findOrderFaults(const Replay& replay) {
    auto faults = orderFaultsByStamps(*replay.trace, stampsOf(*replay.trace));
    if (!faults.empty() && faults.front().code == DiagnosticCode::NewestFirst) return faults;
    // Whole seconds that fall once may be two parts, or all lines turned round: events tell which.
    auto byEvents = orderFaultsByEvents(replay);
    const bool isTurned = !byEvents.empty() && byEvents.front().code == DiagnosticCode::NewestFirst;
    return faults.empty() || isTurned ? byEvents : faults;
}

}  // namespace alloclens
