// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <set>
#include <utility>

#include "core/base/units.h"
#include "core/ledger/printed_number.h"

namespace alloclens {
namespace {

class ClaimsJudge {
public:
    explicit ClaimsJudge(const Claims& claims) : m_claims(claims) {}

    [[nodiscard]] std::vector<ClaimVerdict> judge() {
        judgeCounts("totals", m_claims.totals);
        judgeMemories();
        judgeAddressCounts();
        for (std::size_t i = 0; i < m_claims.ofAddresses.size(); ++i) {
            const std::string name = fmt::format("addresses[{}]", i);
            judgeCounts(name, m_claims.ofAddresses[i].counts);
            judgeShare(name, m_claims.ofAddresses[i].counts);
        }
        judgeAllShares();
        for (std::size_t i = 0; i < m_claims.sweeps.size(); ++i)
            judgeSum(fmt::format("sweeps[{}]", i), m_claims.sweeps[i]);
        for (std::size_t i = 0; i < m_claims.dumps.size(); ++i)
            judgeSum(fmt::format("dumps[{}]", i), m_claims.dumps[i]);
        for (std::size_t i = 0; i < m_claims.stories.size(); ++i)
            judgeStory(fmt::format("stories[{}]", i), m_claims.stories[i]);
        return std::move(m_verdicts);
    }

private:
    void say(const std::string& claim, bool isPossible, std::string why) {
        m_verdicts.push_back({claim, isPossible, std::move(why)});
    }

    // received = accepted + refused; allocations - accepted = live + removed
    void judgeCounts(const std::string& name, const Claims::Counts& counts) {
        if (counts.freesReceived && counts.freesAccepted && counts.freesRefused) {
            const std::uint64_t sum = *counts.freesAccepted + *counts.freesRefused;
            say(name, sum == *counts.freesReceived,
                fmt::format("{} accepted + {} refused = {}, and {} were received", formatCount(*counts.freesAccepted),
                            formatCount(*counts.freesRefused), formatQuantity(sum, "free"),
                            formatCount(*counts.freesReceived)));
        }
        if (!counts.allocations || !counts.freesAccepted) return;
        const std::uint64_t allocations = *counts.allocations;
        const std::uint64_t accepted = *counts.freesAccepted;
        say(name, accepted <= allocations,
            fmt::format("{} accepted of {}: a tracker accepts at most one free for each allocation",
                        formatQuantity(accepted, "free"), formatQuantity(allocations, "allocation")));
        if (accepted > allocations || !counts.live) return;
        const std::uint64_t open = allocations - accepted;
        const std::uint64_t told = *counts.live + counts.removed.value_or(0);
        const bool isPossible = counts.removed ? told == open : told <= open;
        say(name, isPossible,
            fmt::format("{} allocations - {} accepted frees = {} open or removed, and {} are claimed",
                        formatCount(allocations), formatCount(accepted), formatCount(open), formatCount(told)));
    }

    void judgeMemories() {
        if (m_claims.memories.empty() || !m_claims.totals.allocations) return;
        std::uint64_t sum = 0;
        for (const auto& [memory, count] : m_claims.memories) sum += count;
        say("memories", sum == *m_claims.totals.allocations,
            fmt::format("all memories have {}, and {} are claimed", formatQuantity(sum, "allocation"),
                        formatCount(*m_claims.totals.allocations)));
    }

    // An address may be unreleased and over-freed at once, so the three need not add up exactly.
    void judgeAddressCounts() {
        const Claims::Addresses& counts = m_claims.addresses;
        if (counts.total && counts.balanced && counts.unreleased && counts.overFreed) {
            const std::uint64_t most = *counts.balanced + *counts.unreleased + *counts.overFreed;
            const std::uint64_t fewest = *counts.balanced + std::max(*counts.unreleased, *counts.overFreed);
            say("addressCounts", *counts.total >= fewest && *counts.total <= most,
                fmt::format("the three states make {} to {} addresses, and {} are claimed", formatCount(fewest),
                            formatCount(most), formatCount(*counts.total)));
        }
        if (counts.overFreed && m_claims.totals.freesRefused) {
            say("addressCounts", *counts.overFreed <= *m_claims.totals.freesRefused,
                fmt::format("{} over-freed addresses need at least as many refused frees, and {} were refused",
                            formatCount(*counts.overFreed), formatCount(*m_claims.totals.freesRefused)));
        }
    }

    /// How many refused frees the over-freed addresses need at least, but for `named` of them.
    [[nodiscard]] std::uint64_t neededByOthers(std::uint64_t named) const {
        const std::uint64_t overFreed = m_claims.addresses.overFreed.value_or(0);
        return overFreed > named ? overFreed - named : 0;
    }

    // Every surplus free is refused, and every refused free is counted once.
    void judgeShare(const std::string& name, const Claims::Counts& counts) {
        if (!counts.freesRefused || !m_claims.totals.freesRefused) return;
        const std::uint64_t all = *m_claims.totals.freesRefused;
        const std::uint64_t others = neededByOthers(1);
        const std::uint64_t most = all > others ? all - others : 0;
        say(name, *counts.freesRefused <= most,
            fmt::format("{} refused here; {} other over-freed addresses leave at most {} of {} for any one",
                        formatQuantity(*counts.freesRefused, "free"), formatCount(others), formatCount(most),
                        formatCount(all)));
    }

    void judgeAllShares() {
        if (!m_claims.totals.freesRefused || m_claims.ofAddresses.size() < 2) return;
        std::uint64_t sum = 0;
        std::set<std::pair<std::int64_t, std::uint64_t>> named;
        for (const Claims::Address& address : m_claims.ofAddresses) {
            if (address.counts.freesRefused.value_or(0) == 0) continue;
            if (named.emplace(address.device, address.address).second) sum += *address.counts.freesRefused;
        }
        if (named.size() < 2) return;
        const std::uint64_t needed = sum + neededByOthers(named.size());
        say("addresses", needed <= *m_claims.totals.freesRefused,
            fmt::format("these and the other over-freed addresses need {} refused frees, and {} were refused",
                        formatCount(needed), formatCount(*m_claims.totals.freesRefused)));
    }

    void judgeSum(const std::string& name, const Claims::Sum& sum) {
        if (!sum.sizes.empty()) judgeSizes(name, sum);
        for (std::size_t i = 0; i < sum.parts.size(); ++i) {
            if (!sum.parts[i].sizes.empty()) judgeSizes(fmt::format("{}.memories[{}]", name, i), sum.parts[i]);
        }
        if (sum.parts.empty()) return;
        const bool hasBuffers = std::all_of(sum.parts.begin(), sum.parts.end(),
                                            [](const Claims::Sum& part) { return part.buffers.has_value(); });
        if (sum.buffers && hasBuffers) {
            const std::uint64_t all = std::accumulate(
                sum.parts.begin(), sum.parts.end(), std::uint64_t{0},
                [](std::uint64_t count, const Claims::Sum& part) { return count + *part.buffers; });
            say(name, all == *sum.buffers,
                fmt::format("its memories have {}, and {} are claimed", formatQuantity(all, "buffer"),
                            formatCount(*sum.buffers)));
        }
        judgeMegabytes(name, sum);
    }

    void judgeSizes(const std::string& name, const Claims::Sum& sum) {
        if (sum.buffers) {
            say(name, sum.sizes.size() == *sum.buffers,
                fmt::format("{} are given for {}", formatQuantity(sum.sizes.size(), "size"),
                            formatQuantity(*sum.buffers, "buffer")));
        }
        if (!sum.megabytes) return;
        const double bytes = std::accumulate(
            sum.sizes.begin(), sum.sizes.end(), 0.0,
            [](double all, std::uint64_t size) { return all + static_cast<double>(size); });
        const double megabytes = bytes / kBytesPerMb;
        const double claimed = std::strtod(sum.megabytes->c_str(), nullptr);
        const bool isSame = std::abs(megabytes - claimed) <= halfUnit(*sum.megabytes);
        say(name, isSame,
            fmt::format("the sizes are {} MB, and {} MB are claimed", sixDigits(megabytes), *sum.megabytes));
    }

    void judgeMegabytes(const std::string& name, const Claims::Sum& sum) {
        if (!sum.megabytes) return;
        double all = 0;
        double tolerance = halfUnit(*sum.megabytes);
        for (const Claims::Sum& part : sum.parts) {
            if (!part.megabytes) return;
            all += std::strtod(part.megabytes->c_str(), nullptr);
            tolerance += halfUnit(*part.megabytes);
        }
        say(name, std::abs(all - std::strtod(sum.megabytes->c_str(), nullptr)) <= tolerance,
            fmt::format("its memories have {} MB, and {} MB are claimed", sixDigits(all), *sum.megabytes));
    }

    /// Half of the last place of a number as it is written: 0.005 of "355.37". A little more, for the arithmetic.
    [[nodiscard]] static double halfUnit(const std::string& text) {
        const std::size_t exponentAt = text.find_first_of("eE");
        const int exponent = exponentAt == std::string::npos ? 0 : std::atoi(text.c_str() + exponentAt + 1);
        const std::string digits = text.substr(0, exponentAt);
        const std::size_t point = digits.find('.');
        const int places = point == std::string::npos ? 0 : static_cast<int>(digits.size() - point - 1);
        return 0.5 * std::pow(10.0, exponent - places) * 1.000001;
    }

    // The server's rules for one address (docs/formats/server-log.md, "Rules").
    void judgeStory(const std::string& name, const Claims::Story& story) {
        std::uint64_t depth = 0;
        Claims::Number size;
        std::uint64_t line = 0;
        for (const Claims::Step& step : story.steps) {
            const std::string why = contradictionOf(step, depth, size, line);
            if (!why.empty()) return say(name, false, fmt::format("line {}: {}", formatCount(step.line), why));
            line = step.line;
            if (step.event == "allocated") {
                if (++depth == 1) size = step.size;
            } else if (step.event == "partial") {
                --depth;
            } else if (step.event != "refused") {
                depth = 0;
            }
        }
        say(name, true,
            fmt::format("{}: the server's rules allow this order", formatQuantity(story.steps.size(), "event")));
    }

    [[nodiscard]] static std::string contradictionOf(const Claims::Step& step, std::uint64_t depth,
                                                     const Claims::Number& size, std::uint64_t line) {
        if (step.line <= line) return "it does not come after the one before";
        const bool isFree = step.event == "partial" || step.event == "final";
        if (step.event == "refused" && depth > 0) return "a refused free of a live address";
        if ((isFree || step.event == "swept") && depth == 0) return "the address is not live";
        if (step.event == "final" && depth != 1)
            return fmt::format("a final free while {} are open", formatQuantity(depth, "allocation"));
        if (step.event == "partial" && depth < 2) return "a partial free of the last allocation";
        if (isFree && step.size && size && *step.size != *size)
            return fmt::format("a free of {} bytes of a buffer of {}", *step.size, *size);
        const std::uint64_t count = step.event == "allocated" ? depth + 1 : depth - (isFree ? 1 : 0);
        const bool isSaid = step.refCount && (step.event == "allocated" || isFree);
        if (isSaid && *step.refCount != count)
            return fmt::format("a reference count of {} instead of {}", *step.refCount, count);
        return {};
    }

    const Claims& m_claims;
    std::vector<ClaimVerdict> m_verdicts;
};

}  // namespace

std::vector<ClaimVerdict> judgeClaims(const Claims& claims) { return ClaimsJudge(claims).judge(); }

}  // namespace alloclens
