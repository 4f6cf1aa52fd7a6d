// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/row_order.h"

#include <algorithm>
#include <utility>

namespace alloclens {

std::uint32_t RowOrder::placeOf(std::uint32_t row) const {
    if (isIdentity) return std::min(row, count);
    const auto at = isAscending ? std::lower_bound(rows.begin(), rows.end(), row)
                                : std::find(rows.begin(), rows.end(), row);
    return at != rows.end() && *at == row ? static_cast<std::uint32_t>(at - rows.begin()) : count;
}

Result<RowOrder> orderRows(std::size_t count, const std::vector<std::uint8_t>* flags,
                           const std::function<std::uint64_t(std::uint32_t)>& key, bool descending,
                           const TaskContext& task) {
    RowOrder order;
    if (flags == nullptr && !key) {
        order.total = count;
        order.count = static_cast<std::uint32_t>(std::min<std::size_t>(count, kMostShownRows));
        return order;
    }
    order.isIdentity = false;
    for (std::size_t row = 0; row < count; ++row) {
        if (row % TaskContext::kPollRows == 0 && task.isCancelled()) return TaskContext::cancelled();
        if (flags == nullptr || (*flags)[row] != 0) order.rows.push_back(static_cast<std::uint32_t>(row));
    }
    if (key) {
        order.isAscending = false;
        std::vector<std::pair<std::uint64_t, std::uint32_t>> keyed;
        keyed.reserve(order.rows.size());
        for (const std::uint32_t row : order.rows) {
            if (keyed.size() % TaskContext::kPollRows == 0 && task.isCancelled()) return TaskContext::cancelled();
            keyed.emplace_back(descending ? ~key(row) : key(row), row);
        }
        std::sort(keyed.begin(), keyed.end());
        if (task.isCancelled()) return TaskContext::cancelled();
        std::transform(keyed.begin(), keyed.end(), order.rows.begin(), [](const auto& pair) { return pair.second; });
    }
    order.total = order.rows.size();
    if (order.rows.size() > kMostShownRows) order.rows.resize(kMostShownRows);
    order.count = static_cast<std::uint32_t>(order.rows.size());
    return order;
}

}  // namespace alloclens
