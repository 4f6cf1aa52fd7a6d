// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/gui/samples.h"

#include <algorithm>
#include <cmath>

namespace alloclens::bench {

double Samples::percentile(double share) const {
    if (m_values.empty()) return 0;
    std::vector<double> sorted = m_values;
    std::sort(sorted.begin(), sorted.end());
    const double rank = std::ceil(share * static_cast<double>(sorted.size()));
    return sorted[std::clamp<std::size_t>(static_cast<std::size_t>(rank), 1, sorted.size()) - 1];
}

std::size_t Samples::countAbove(double milliseconds) const {
    return static_cast<std::size_t>(
        std::count_if(m_values.begin(), m_values.end(), [=](double value) { return value > milliseconds; }));
}

}  // namespace alloclens::bench
