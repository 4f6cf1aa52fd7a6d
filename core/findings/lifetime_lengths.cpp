// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/findings/lifetime_lengths.h"

#include <algorithm>
#include <cmath>

namespace alloclens {
namespace {

constexpr std::size_t kMostRead = std::size_t{1} << 19;
constexpr std::size_t kMostOfASort = 4096;
constexpr std::size_t kFewestOfASort = 8;

float medianOf(std::vector<float>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

std::uint64_t LifetimeLengths::codeOf(std::size_t lifetime) const {
    const LifetimeTable::Row& row = m_replay.lifetimes.row(lifetime);
    return mixBits(std::uint64_t{row.sizeNumber} << 32 | row.owner.value) + static_cast<std::uint64_t>(row.memory());
}

bool LifetimeLengths::collect(const TaskContext& task) {
    if (m_lengths.empty()) return true;
    const LifetimeTable& table = m_replay.lifetimes;
    const std::size_t stride = table.size() / kMostRead + 1;
    for (std::size_t i = 0; i < table.size(); i += stride) {
        if (i / stride % TaskContext::kPollRows == 0 && task.isCancelled()) return false;
        const LifetimeTable::Row& row = table.row(i);
        if (row.end() != LifetimeEnd::Freed || row.beginLost()) continue;
        const auto at = m_lengths.find(codeOf(i));
        if (at == m_lengths.end() || at->second.size() >= kMostOfASort) continue;
        at->second.push_back(std::log2(static_cast<float>(row.last.index() - row.first.index())));
    }
    for (auto& [code, lengths] : m_lengths) {
        if (lengths.size() < kFewestOfASort) continue;
        Sort sort;
        const float median = medianOf(lengths);
        for (float& length : lengths) length = std::abs(length - median);
        // The standard deviation of a normal distribution, in median absolute deviations.
        constexpr double kDeviationOfMedian = 1.4826;
        constexpr double kLeastSpread = 0.5;
        sort.median = median;
        sort.spread = std::max(kLeastSpread, kDeviationOfMedian * medianOf(lengths));
        m_sorts.emplace(code, sort);
    }
    m_lengths.clear();
    return true;
}

std::optional<LifetimeLengths::Sort> LifetimeLengths::sortOf(LifetimeId lifetime) const {
    const auto at = m_sorts.find(codeOf(lifetime.index()));
    return at == m_sorts.end() ? std::nullopt : std::optional(at->second);
}

}  // namespace alloclens
