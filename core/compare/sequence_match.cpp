// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/sequence_match.h"

#include <algorithm>
#include <cassert>

namespace alloclens {
namespace {

constexpr int kMaxDepth = 8;  // gaps within gaps

/// The tokens [from, to) of a sequence.
struct Part {
    std::size_t from = 0;
    std::size_t to = 0;
    [[nodiscard]] bool isEmpty() const { return from >= to; }
    [[nodiscard]] std::size_t size() const { return to - from; }
};

class Matcher {
public:
    using Tokens = std::span<const std::uint64_t>;

    Matcher(Tokens before, Tokens after, const TaskContext& task) : m_before(before), m_after(after), m_task(task) {}

    void match(Part before, Part after, int depth) {
        while (!before.isEmpty() && !after.isEmpty() && m_before[before.from] == m_after[after.from]) {
            add(before.from++, after.from++);
        }
        while (!before.isEmpty() && !after.isEmpty() && m_before[before.to - 1] == m_after[after.to - 1]) {
            add(--before.to, --after.to);
        }
        if (before.isEmpty() || after.isEmpty() || depth == kMaxDepth || m_task.isCancelled()) return;
        Part gapBefore = before;
        Part gapAfter = after;
        for (const Match& match : longestRising(equallyOften(before, after))) {
            gapBefore.to = match.before;
            gapAfter.to = match.after;
            if (!gapBefore.isEmpty() && !gapAfter.isEmpty()) this->match(gapBefore, gapAfter, depth + 1);
            add(match.before, match.after);
            gapBefore.from = match.before + std::size_t{1};
            gapAfter.from = match.after + std::size_t{1};
        }
        // Without a match the gap is the whole part again: stop.
        if (gapBefore.from == before.from) return;
        gapBefore.to = before.to;
        gapAfter.to = after.to;
        if (!gapBefore.isEmpty() && !gapAfter.isEmpty()) this->match(gapBefore, gapAfter, depth + 1);
    }

    [[nodiscard]] std::vector<Match> take() {
        std::sort(m_matches.begin(), m_matches.end(),
                  [](const Match& a, const Match& b) { return a.before < b.before; });
        return std::move(m_matches);
    }

private:
    struct Place {
        std::uint64_t token;
        std::uint32_t at;
    };

    void add(std::size_t before, std::size_t after) {
        m_matches.push_back({static_cast<std::uint32_t>(before), static_cast<std::uint32_t>(after)});
    }

    [[nodiscard]] static std::vector<Place> sortedPlaces(Tokens tokens, const Part& part) {
        std::vector<Place> places;
        places.reserve(part.size());
        for (std::size_t i = part.from; i < part.to; ++i) {
            places.push_back({tokens[i], static_cast<std::uint32_t>(i)});
        }
        std::sort(places.begin(), places.end(),
                  [](const Place& a, const Place& b) { return a.token != b.token ? a.token < b.token : a.at < b.at; });
        return places;
    }

    /// Matches tokens that occur equally often in both parts: the first with the first and so on. Ordered by position
    /// in `before`.
    [[nodiscard]] std::vector<Match> equallyOften(const Part& before, const Part& after) const {
        const std::vector<Place> ours = sortedPlaces(m_before, before);
        const std::vector<Place> theirs = sortedPlaces(m_after, after);
        const auto endOf = [](const std::vector<Place>& places, std::size_t from) {
            std::size_t end = from;
            while (end < places.size() && places[end].token == places[from].token) ++end;
            return end;
        };
        std::vector<Match> matches;
        for (std::size_t i = 0, k = 0; i < ours.size() && k < theirs.size();) {
            if (ours[i].token != theirs[k].token) {
                ++(ours[i].token < theirs[k].token ? i : k);
                continue;
            }
            const std::size_t end = endOf(ours, i);
            const std::size_t theirEnd = endOf(theirs, k);
            if (end - i == theirEnd - k) {
                for (std::size_t n = 0; n < end - i; ++n) matches.push_back({ours[i + n].at, theirs[k + n].at});
            }
            i = end;
            k = theirEnd;
        }
        std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.before < b.before; });
        return matches;
    }

    Tokens m_before;
    Tokens m_after;
    const TaskContext& m_task;
    std::vector<Match> m_matches;
};

}  // namespace

std::vector<Match> longestRising(const std::vector<Match>& matches) {
    assert(std::is_sorted(matches.begin(), matches.end(),
                          [](const Match& a, const Match& b) { return a.before < b.before; }));
    constexpr std::uint32_t kNone = 0xFFFFFFFF;
    // By length - 1: the match with the smallest `after` that ends a chain of that length.
    std::vector<std::uint32_t> lastOf;
    std::vector<std::uint32_t> previous(matches.size(), kNone);
    for (std::uint32_t i = 0; i < matches.size(); ++i) {
        const auto at = std::partition_point(
            lastOf.begin(), lastOf.end(), [&](std::uint32_t last) { return matches[last].after < matches[i].after; });
        if (at != lastOf.begin()) previous[i] = *(at - 1);
        if (at == lastOf.end()) {
            lastOf.push_back(i);
        } else {
            *at = i;
        }
    }
    std::vector<Match> chain;
    for (std::uint32_t i = lastOf.empty() ? kNone : lastOf.back(); i != kNone; i = previous[i]) {
        chain.push_back(matches[i]);
    }
    std::reverse(chain.begin(), chain.end());
    return chain;
}

std::vector<Match> matchSequences(std::span<const std::uint64_t> before, std::span<const std::uint64_t> after,
                                  const TaskContext& task) {
    Matcher matcher(before, after, task);
    matcher.match({0, before.size()}, {0, after.size()}, 0);
    return matcher.take();
}

}  // namespace alloclens
