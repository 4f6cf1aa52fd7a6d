// SPDX-License-Identifier: GPL-3.0-or-later
//
// A growing array of plain values for the columns of large tables. It resizes with realloc, which moves the pages of a
// large block instead of copying its bytes. So old and new data never take memory side by side, as they do in
// std::vector. resize(count) does not initialise new elements. Throws std::bad_alloc. Not synchronised.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace alloclens {

template <typename T>
class Column {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= alignof(std::max_align_t));

public:
    using value_type = T;

    Column() = default;
    explicit Column(std::size_t count, T value) { resize(count, value); }
    Column(const Column& other) {
        if (other.m_size > 0)
            std::memcpy(static_cast<void*>(extend(other.m_size)), other.m_data, other.m_size * sizeof(T));
    }
    Column(Column&& other) noexcept { swap(other); }
    Column& operator=(Column other) noexcept {
        swap(other);
        return *this;
    }
    ~Column() { std::free(m_data); }

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool empty() const { return m_size == 0; }
    [[nodiscard]] T* data() { return m_data; }
    [[nodiscard]] const T* data() const { return m_data; }
    [[nodiscard]] T& operator[](std::size_t i) { return m_data[i]; }
    [[nodiscard]] const T& operator[](std::size_t i) const { return m_data[i]; }
    [[nodiscard]] const T& front() const { return m_data[0]; }
    [[nodiscard]] T* begin() { return m_data; }
    [[nodiscard]] T* end() { return m_data + m_size; }
    [[nodiscard]] const T* begin() const { return m_data; }
    [[nodiscard]] const T* end() const { return m_data + m_size; }

    void push_back(T value) {
        if (m_size == m_capacity) grow(m_size + 1);
        m_data[m_size++] = value;
    }
    /// Appends `count` elements, not initialised, and returns the first of them.
    [[nodiscard]] T* extend(std::size_t count) {
        if (m_capacity - m_size < count) grow(m_size + count);
        m_size += count;
        return m_data + m_size - count;
    }
    /// Does not initialise new elements.
    void resize(std::size_t count) {
        if (count > m_capacity) reallocate(count);
        m_size = count;
    }
    void resize(std::size_t count, T value) {
        const std::size_t before = m_size;
        resize(count);
        if (count > before) std::fill(m_data + before, m_data + count, value);
    }
    void reserve(std::size_t count) {
        if (count > m_capacity) reallocate(count);
    }
    void clear() { m_size = 0; }
    /// Frees the memory that is reserved after the last element.
    void shrink() {
        if (m_size < m_capacity) reallocate(m_size);
    }
    void swap(Column& other) noexcept {
        std::swap(m_data, other.m_data);
        std::swap(m_size, other.m_size);
        std::swap(m_capacity, other.m_capacity);
    }

private:
    void grow(std::size_t needed) { reallocate(std::max(needed, m_capacity + m_capacity / 2 + kFirst)); }

    void reallocate(std::size_t capacity) {
        if (capacity == 0) {
            std::free(std::exchange(m_data, nullptr));
        } else {
            void* const moved = std::realloc(static_cast<void*>(m_data), capacity * sizeof(T));
            if (moved == nullptr) throw std::bad_alloc();
            m_data = static_cast<T*>(moved);
        }
        m_capacity = capacity;
    }

    static constexpr std::size_t kFirst = 16;
    T* m_data = nullptr;
    std::size_t m_size = 0;
    std::size_t m_capacity = 0;
};

/// The first row from `from` on with this value, or the number of rows if there is none. Looks at many rows a step.
template <typename T>
[[nodiscard]] std::size_t nextRowOf(const Column<T>& column, T value, std::size_t from) {
    static_assert(sizeof(T) == 1, "memchr looks for bytes");
    if (from >= column.size()) return column.size();
    const void* const at = std::memchr(column.begin() + from, static_cast<int>(value), column.size() - from);
    return at == nullptr ? column.size() : static_cast<std::size_t>(static_cast<const T*>(at) - column.begin());
}

}  // namespace alloclens
