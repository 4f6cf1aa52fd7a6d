// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/file_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "core/tracker/rules.h"
#include "importers/seam.h"
#include "importers/server_log/growing_log.h"

namespace alloclens {
namespace {

/// How many allocations of a key are open.
using Depth = std::uint32_t;

/// What a part expects from the part before, and leaves to the part after.
struct PartEnds {
    std::map<AddressKey, Depth> before;                ///< of keys whose first event shows it
    std::map<AddressKey, std::optional<Depth>> after;  ///< none if a sweep may have removed it
    bool beginsServer = false;                         ///< the server started before the first event
};

PartEnds endsOf(const Trace& trace) {
    PartEnds ends;
    std::map<AddressKey, std::set<std::int32_t>> owners;  // who allocated a key since its last free
    bool isSwept = false;      // after a sweep a key may be gone that was live at the beginning
    bool isRestarted = false;  // after a restart events show nothing about the beginning
    const EventTable& events = trace.events;
    for (std::size_t i = 0; i < events.count(); ++i) {
        const EventKind kind = events.kind[i];
        if (kind == EventKind::Restart) {
            ends.beginsServer = ends.beginsServer || ends.after.empty();
            isRestarted = true;
            ends.after.clear();
            owners.clear();
            continue;
        }
        const std::int32_t pid = trace.pid(events.process[i]);
        if (kind == EventKind::Sweep) {
            isSwept = true;
            for (auto& [key, depth] : ends.after) {
                const auto owner = owners.find(key);
                if (owner == owners.end() || owner->second.contains(pid)) depth = std::nullopt;
            }
            continue;
        }
        if (!events.address[i].isValid()) continue;
        const AddressKey& key = trace.key(events.address[i]);
        const auto refCount = static_cast<Depth>(events.refCount[i]);
        if (!isRestarted && !ends.after.contains(key)) {
            const auto told = toldBefore(trace.rules, kind, refCount);
            if (told && (*told > 0 || !isSwept)) ends.before.emplace(key, static_cast<Depth>(*told));
        }
        ends.after[key] = believe(trace.rules, 0, kind, refCount).references;
        if (kind == EventKind::Allocation) owners[key].insert(pid);
        if (kind == EventKind::FinalFree) owners[key].clear();
    }
    return ends;
}

/// The number of keys that contradict `second` directly after `first`. A server that starts has lost what was live;
/// most often its part is the first.
std::uint64_t contradictions(const PartEnds& first, const PartEnds& second) {
    if (second.beginsServer) {
        return 1
               + static_cast<std::uint64_t>(std::count_if(first.after.begin(), first.after.end(),
                                                          [](const auto& key) { return key.second.value_or(0) > 0; }));
    }
    std::uint64_t count = 0;
    for (const auto& [key, depth] : second.before) {
        const auto left = first.after.find(key);
        if (left != first.after.end() && left->second.value_or(depth) != depth) ++count;
    }
    return count;
}

// A line that is whole only across the seam proves it. What the first part finds live costs less, since a rotation may
// have deleted older parts.
std::uint64_t costOfSeam(const Input& first, const Input& second, const PartEnds& firstEnds,
                         const PartEnds& secondEnds) {
    constexpr std::uint64_t kWeight = 4;
    constexpr std::uint64_t kBrokenLine = 16;
    const Seam seam = seamBetween(first, second);
    if (seam == Seam::Cut) return 0;
    const bool isBroken = seam == Seam::Unended || beginsInsideLine(second);
    return (contradictions(firstEnds, secondEnds) + (isBroken ? kBrokenLine : 0)) * kWeight;
}

/// The order with the least sum of costs between neighbours. Among equal ones the order by name.
std::vector<std::size_t> cheapestOrder(const std::vector<std::vector<std::uint64_t>>& costs,
                                       const std::vector<std::uint64_t>& firstCosts) {
    constexpr std::size_t kMostTried = 12;  // 4096 sets of parts
    const std::size_t count = costs.size();
    if (count > kMostTried) return {};
    constexpr std::uint64_t kNone = std::numeric_limits<std::uint64_t>::max();
    const std::size_t sets = std::size_t{1} << count;
    // For each set of parts and the last part in it: the least cost, and which part comes before the last.
    std::vector<std::vector<std::uint64_t>> least(sets, std::vector<std::uint64_t>(count, kNone));
    std::vector<std::vector<std::size_t>> previous(sets, std::vector<std::size_t>(count, count));
    for (std::size_t i = 0; i < count; ++i) least[std::size_t{1} << i][i] = firstCosts[i];
    for (std::size_t set = 1; set < sets; ++set) {
        for (std::size_t last = 0; last < count; ++last) {
            if (least[set][last] == kNone) continue;
            for (std::size_t next = 0; next < count; ++next) {
                if ((set >> next & 1) != 0) continue;
                const std::size_t larger = set | std::size_t{1} << next;
                const std::uint64_t cost = least[set][last] + costs[last][next];
                if (cost >= least[larger][next]) continue;
                least[larger][next] = cost;
                previous[larger][next] = last;
            }
        }
    }
    std::vector<std::size_t> order;
    std::size_t set = sets - 1;
    // The newest by name is last, so among equal costs it wins.
    std::size_t last = count - 1;
    for (std::size_t i = count; i-- > 0;) {
        if (least[set][i] < least[set][last]) last = i;
    }
    while (last < count) {
        order.push_back(last);
        const std::size_t before = previous[set][last];
        set &= ~(std::size_t{1} << last);
        last = before;
    }
    std::reverse(order.begin(), order.end());
    return order;
}

std::uint64_t costOf(const std::vector<std::size_t>& order, const std::vector<std::vector<std::uint64_t>>& costs,
                     const std::vector<std::uint64_t>& firstCosts) {
    std::uint64_t cost = firstCosts[order.front()];
    for (std::size_t i = 0; i + 1 < order.size(); ++i) cost += costs[order[i]][order[i + 1]];
    return cost;
}

/// The first time stamp in a part's first lines.
std::string firstStamp(const Input& part) {
    constexpr std::size_t kHeadBytes = 64 * 1024;
    const std::string head = part.head(kHeadBytes);
    std::string_view rest = head;
    while (!rest.empty()) {
        const std::size_t newline = std::min(rest.find('\n'), rest.size());
        if (std::string stamp = stampOf(rest.substr(0, newline)); !stamp.empty()) return stamp;
        rest.remove_prefix(std::min(newline + 1, rest.size()));
    }
    return {};
}

std::optional<FileOrder> orderByTime(const std::vector<Input>& parts) {
    std::vector<std::string> stamps;
    for (const Input& part : parts) stamps.push_back(firstStamp(part));
    std::vector<std::string> sorted = stamps;
    std::sort(sorted.begin(), sorted.end());
    if (sorted.front().empty() || std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return std::nullopt;
    FileOrder order{std::vector<std::size_t>(parts.size()), "by the times of their lines"};
    std::iota(order.parts.begin(), order.parts.end(), std::size_t{0});
    std::sort(order.parts.begin(), order.parts.end(),
              [&stamps](std::size_t a, std::size_t b) { return stamps[a] < stamps[b]; });
    return order;
}

Result<PartEnds> readEnds(const Input& part, const ReadOptions& options, const TaskContext& task) {
    const auto source = server_log::growingLog(options);
    while (true) {
        const auto read = source->readOn(part, task);
        if (!read) return read.error();
        if (!*read) break;
    }
    const auto trace = source->trace(part, true);
    if (!trace) return trace.error();
    return endsOf(*trace);
}

struct NameParts {
    std::string base;
    std::string date;          ///< digits after the base name
    std::uint64_t number = 0;  ///< number of a rotation; 0 is the newest
};

/// "a.log.2.gz" -> {"a.log", "", 2}; "a.log-20261130" -> {"a.log", "20261130", 0}; "a.log" -> {"a.log", "", 0}.
NameParts nameParts(std::string name) {
    for (const std::string_view ending : {".gz", ".xz", ".bz2", ".zst", ".lz4", ".lzma"}) {
        if (name.ends_with(ending)) name.resize(name.size() - ending.size());
    }
    std::size_t digits = name.size();
    while (digits > 0 && std::isdigit(static_cast<unsigned char>(name[digits - 1])) != 0) --digits;
    if (digits == name.size() || digits == 0 || (name[digits - 1] != '.' && name[digits - 1] != '-'))
        return {name, {}, 0};
    const std::string number = name.substr(digits);
    constexpr std::size_t kDateDigits = 6;
    if (number.size() >= kDateDigits) return {name.substr(0, digits - 1), number, 0};
    NameParts parts{name.substr(0, digits - 1), {}, 0};
    std::from_chars(number.data(), number.data() + number.size(), parts.number);
    return parts;
}

/// Whether the text begins like the pattern: 0 matches a digit, T also a blank.
bool isDigits(std::string_view text, std::string_view pattern) {
    return text.size() >= pattern.size()
           && std::equal(pattern.begin(), pattern.end(), text.begin(), [](char p, char c) {
                  if (p == '0') return std::isdigit(static_cast<unsigned char>(c)) != 0;
                  return p == c || (p == 'T' && c == ' ');
              });
}

}  // namespace

std::string stampOf(std::string_view line) {
    constexpr std::string_view kIso = "0000-00-00T00:00:00";
    constexpr std::string_view kClock = "00:00:00";
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    constexpr std::size_t kFarthest = 48;
    constexpr std::size_t kSyslogBytes = 15;  // Nov 30 19:40:59
    for (std::size_t at = 0; at < std::min(line.size(), kFarthest); ++at) {
        const std::string_view rest = line.substr(at);
        if (isDigits(rest, kIso)) {
            std::size_t end = kIso.size();
            if (end < rest.size() && (rest[end] == '.' || rest[end] == ',')) ++end;
            while (end < rest.size() && std::isdigit(static_cast<unsigned char>(rest[end])) != 0) ++end;
            std::string stamp(rest.substr(0, end));
            stamp[10] = 'T';
            if (stamp.size() > kIso.size()) stamp[kIso.size()] = '.';
            return stamp;
        }
        const std::size_t month = rest.size() >= kSyslogBytes ? kMonths.find(rest.substr(0, 3))
                                                              : std::string_view::npos;
        if (month != std::string_view::npos && month % 3 == 0 && rest[3] == ' ' && rest[6] == ' '
            && isDigits(rest.substr(7), kClock)) {
            std::string stamp = fmt::format("00{:02}-{}T{}", month / 3 + 1, rest.substr(4, 2),
                                            rest.substr(7, kClock.size()));
            std::replace(stamp.begin(), stamp.end(), ' ', '0');
            return stamp;
        }
    }
    return {};
}

bool isOlderByName(const std::string& a, const std::string& b) {
    const NameParts first = nameParts(a);
    const NameParts second = nameParts(b);
    if (first.base != second.base) return first.base < second.base;
    if (first.date != second.date) return !first.date.empty() && (second.date.empty() || first.date < second.date);
    return first.number > second.number;
}

Result<FileOrder> findOrder(const std::vector<Input>& parts, const ReadOptions& options, const TaskContext& task) {
    if (auto byTime = orderByTime(parts)) return *byTime;
    std::vector<std::size_t> byName(parts.size());
    std::iota(byName.begin(), byName.end(), std::size_t{0});
    std::stable_sort(byName.begin(), byName.end(), [&parts](std::size_t a, std::size_t b) {
        return isOlderByName(parts[a].path(), parts[b].path());
    });
    std::vector<PartEnds> ends;
    for (const std::size_t part : byName) {
        auto read = readEnds(parts[part], options, task);
        if (!read) return read.error();
        ends.push_back(std::move(*read));
    }
    std::vector<std::vector<std::uint64_t>> costs(ends.size(), std::vector<std::uint64_t>(ends.size(), 0));
    std::vector<std::uint64_t> firstCosts(ends.size(), 0);
    for (std::size_t a = 0; a < ends.size(); ++a) {
        for (std::size_t b = 0; b < ends.size(); ++b) {
            if (a != b) costs[a][b] = costOfSeam(parts[byName[a]], parts[byName[b]], ends[a], ends[b]);
        }
        // What the first part finds live was allocated in another part.
        if (!ends[a].beginsServer) {
            firstCosts[a] = static_cast<std::uint64_t>(std::count_if(ends[a].before.begin(), ends[a].before.end(),
                                                                     [](const auto& key) { return key.second > 0; }));
        }
    }
    std::vector<std::size_t> names(ends.size());
    std::iota(names.begin(), names.end(), std::size_t{0});
    const std::vector<std::size_t> best = cheapestOrder(costs, firstCosts);
    FileOrder order{{}, "by their names"};
    if (!best.empty() && costOf(best, costs, firstCosts) < costOf(names, costs, firstCosts)) {
        order.reason = "by the events that fit each other";
        for (const std::size_t i : best) order.parts.push_back(byName[i]);
    } else {
        order.parts = byName;
    }
    return order;
}

}  // namespace alloclens
