// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/table/row_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "core/query/row_loop.h"

namespace alloclens {

std::uint32_t RowOrder::placeOf(std::uint32_t row) const {
    if (isIdentity) return std::min(row, count);
    const auto at = isAscending ? std::lower_bound(rows.begin(), rows.end(), row)
                                : std::find(rows.begin(), rows.end(), row);
    return at != rows.end() && *at == row ? static_cast<std::uint32_t>(at - rows.begin()) : count;
}

namespace {

struct Keyed {
    std::uint64_t key;
    std::uint32_t row;
};

constexpr unsigned kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;

// Places `from` into `to` by one digit of the keys, rows with the same digit as they were.
void sortByDigit(const std::vector<Keyed>& from, std::vector<Keyed>& to, unsigned shift) {
    const auto digitOf = [shift](const Keyed& keyed) { return (keyed.key >> shift) & (kDigits - 1); };
    std::array<std::size_t, kDigits> places{};
    for (const Keyed& keyed : from) ++places[digitOf(keyed)];
    std::size_t before = 0;
    for (std::size_t& place : places) before += std::exchange(place, before);
    for (const Keyed& keyed : from) to[places[digitOf(keyed)]++] = keyed;
}

// By key; rows with the same key stay in their order. False when cancelled.
bool sortStably(std::vector<Keyed>& rows, const TaskContext& task) {
    const auto isLess = [](const Keyed& a, const Keyed& b) { return a.key < b.key; };
    if (std::is_sorted(rows.begin(), rows.end(), isLess)) return true;
    const auto [least, most] = std::minmax_element(rows.begin(), rows.end(), isLess);
    const std::uint64_t base = least->key;
    const auto width = static_cast<unsigned>(std::bit_width(most->key - base));
    for (Keyed& keyed : rows) keyed.key -= base;
    std::vector<Keyed> other(rows.size());
    for (unsigned shift = 0; shift < width; shift += kDigitBits) {
        if (task.isCancelled()) return false;
        sortByDigit(rows, other, shift);
        rows.swap(other);
    }
    return !task.isCancelled();
}

}  // namespace

Result<RowOrder> orderRows(std::size_t count, const RowFlags* flags,
                           const std::function<std::uint64_t(std::uint32_t)>& key, bool descending,
                           const TaskContext& task) {
    RowOrder order;
    if (flags == nullptr && !key) {
        order.total = count;
        order.count = static_cast<std::uint32_t>(std::min<std::size_t>(count, kMostShownRows));
        return order;
    }
    order.isIdentity = false;
    const RowFlags all = flags == nullptr ? RowFlags(count, true) : RowFlags();
    const RowFlags& shown = flags == nullptr ? all : *flags;
    order.rows.reserve(shown.count());
    constexpr std::size_t kPollWords = TaskContext::kPollRows / RowFlags::kRowsOfWord;
    for (std::size_t word = 0; word < shown.words(); word += kPollWords) {
        if (task.isCancelled()) return TaskContext::cancelled();
        shown.forEach(word, std::min(shown.words(), word + kPollWords),
                      [&order](std::size_t row) { order.rows.push_back(static_cast<std::uint32_t>(row)); });
    }
    if (key) {
        order.isAscending = false;
        std::vector<Keyed> keyed(order.rows.size());
        query::RowLoop rows(task);
        rows(keyed.size(), [&](std::size_t i) {
            const std::uint64_t value = key(order.rows[i]);
            keyed[i] = {descending ? ~value : value, order.rows[i]};
        });
        if (rows.isCancelled() || !sortStably(keyed, task)) return TaskContext::cancelled();
        rows(keyed.size(), [&](std::size_t i) { order.rows[i] = keyed[i].row; });
    }
    order.total = order.rows.size();
    if (order.rows.size() > kMostShownRows) order.rows.resize(kMostShownRows);
    order.count = static_cast<std::uint32_t>(order.rows.size());
    return order;
}

}  // namespace alloclens
