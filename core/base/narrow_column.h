// SPDX-License-Identifier: GPL-3.0-or-later
//
// A column of 32-bit numbers that are mostly small. Each takes one, two or four bytes, as many as the largest one
// needs: the column {3, 250} takes 2 bytes, {3, 250, 1000} takes 6. Reading branches on the width, which a processor
// predicts well. Several threads may read, or set different rows if the width does not change.
#pragma once

#include <cstdint>
#include <limits>

#include "core/base/column.h"

namespace alloclens {

class NarrowColumn {
public:
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] std::uint32_t operator[](std::size_t i) const {
        switch (m_width) {
        case 1: return m_bytes[i];
        case 2: return load<std::uint16_t>(i);
        default: return load<std::uint32_t>(i);
        }
    }

    void push_back(std::uint32_t value) {
        fit(value);
        append(1, value, [value](std::size_t) { return value; });
    }
    /// Appends valueOf(0), valueOf(1) ... valueOf(count - 1). Requires: none is above `largest`.
    template <typename ValueOf>
    void append(std::size_t count, std::uint32_t largest, ValueOf valueOf) {
        fit(largest);
        std::uint8_t* const bytes = m_bytes.extend(count * m_width);
        m_size += count;
        switch (m_width) {
        case 1: return store<std::uint8_t>(bytes, count, valueOf);
        case 2: return store<std::uint16_t>(bytes, count, valueOf);
        default: return store<std::uint32_t>(bytes, count, valueOf);
        }
    }
    /// Replaces the content by `count` rows, not initialised, that can hold numbers up to `largest`.
    void prepare(std::size_t count, std::uint32_t largest) {
        m_bytes.clear();
        m_width = widthOf(largest);
        m_bytes.resize(count * m_width);
        m_size = count;
    }
    /// Requires: `value` is not above the `largest` that the column was made for.
    void set(std::size_t i, std::uint32_t value) {
        switch (m_width) {
        case 1: m_bytes[i] = static_cast<std::uint8_t>(value); return;
        case 2: return put(i, static_cast<std::uint16_t>(value));
        default: return put(i, value);
        }
    }
    /// Sets any value. Copies the whole column when it must become wider.
    void change(std::size_t i, std::uint32_t value) {
        fit(value);
        set(i, value);
    }
    /// Reserves room for `count` rows, also for when they become wider.
    void reserve(std::size_t count) {
        m_reserved = count;
        m_bytes.reserve(count * m_width);
    }
    void shrink() { m_bytes.shrink(); }

private:
    [[nodiscard]] static unsigned widthOf(std::uint32_t value) {
        if (value <= std::numeric_limits<std::uint8_t>::max()) return 1;
        return value <= std::numeric_limits<std::uint16_t>::max() ? 2 : 4;
    }

    template <typename T>
    [[nodiscard]] T load(std::size_t i) const {
        T value;
        std::memcpy(&value, m_bytes.data() + i * sizeof value, sizeof value);
        return value;
    }
    template <typename T>
    void put(std::size_t i, T value) {
        std::memcpy(m_bytes.data() + i * sizeof value, &value, sizeof value);
    }
    template <typename T, typename ValueOf>
    static void store(std::uint8_t* bytes, std::size_t count, ValueOf valueOf) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto value = static_cast<T>(valueOf(i));
            std::memcpy(bytes + i * sizeof value, &value, sizeof value);
        }
    }

    void fit(std::uint32_t largest) {
        if (widthOf(largest) <= m_width) return;
        NarrowColumn wide;
        wide.m_width = widthOf(largest);
        wide.reserve(m_reserved);
        wide.append(m_size, largest, [this](std::size_t i) { return (*this)[i]; });
        *this = std::move(wide);
    }

    Column<std::uint8_t> m_bytes;
    std::size_t m_size = 0;
    std::size_t m_reserved = 0;
    unsigned m_width = 1;
};

}  // namespace alloclens
