// SPDX-License-Identifier: GPL-3.0-or-later
//
// Measured times, in milliseconds, and what is said of them.
#pragma once

#include <cstddef>
#include <vector>

namespace alloclens::bench {

class Samples {
public:
    void add(double milliseconds) { m_values.push_back(milliseconds); }

    [[nodiscard]] std::size_t count() const { return m_values.size(); }
    [[nodiscard]] bool isEmpty() const { return m_values.empty(); }
    /// The smallest value that is not below `share` of all (nearest rank): 0.5 is the median, 1 the maximum. 0 where
    /// there are none.
    [[nodiscard]] double percentile(double share) const;
    [[nodiscard]] double maximum() const { return percentile(1); }
    [[nodiscard]] std::size_t countAbove(double milliseconds) const;

private:
    std::vector<double> m_values;
};

}  // namespace alloclens::bench
