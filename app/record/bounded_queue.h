// SPDX-License-Identifier: GPL-3.0-or-later
//
// Hands things from one thread to another and holds at most a given number of bytes. offer() never waits, take() and
// put() do. Exactly two threads use it, one at each end.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace alloclens::record {

template <typename T>
class BoundedQueue {
public:
    /// Holds things of at most `mostBytes` in all, or a single larger one.
    explicit BoundedQueue(std::size_t mostBytes) : m_mostBytes(mostBytes) {}

    /// Returns false if there is no room. An empty queue takes anything.
    [[nodiscard]] bool offer(T thing, std::size_t bytes) {
        {
            const std::lock_guard lock(m_mutex);
            if (m_isClosed || (m_bytes > 0 && m_bytes + bytes > m_mostBytes)) return false;
            push(std::move(thing), bytes);
        }
        m_changed.notify_all();
        return true;
    }

    /// Waits for room. Returns false if the queue is closed.
    bool put(T thing, std::size_t bytes) {
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [&] { return m_isClosed || m_bytes == 0 || m_bytes + bytes <= m_mostBytes; });
            if (m_isClosed) return false;
            push(std::move(thing), bytes);
        }
        m_changed.notify_all();
        return true;
    }

    /// Waits for the next thing. None once the queue is closed and empty.
    [[nodiscard]] std::optional<T> take() {
        std::optional<T> thing;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return m_isClosed || !m_things.empty(); });
            if (m_things.empty()) return std::nullopt;
            thing = std::move(m_things.front().first);
            m_bytes -= m_things.front().second;
            m_things.pop_front();
        }
        m_changed.notify_all();
        return thing;
    }

    /// Refuses new things from now on; those in the queue can still be taken.
    void close() {
        {
            const std::lock_guard lock(m_mutex);
            m_isClosed = true;
        }
        m_changed.notify_all();
    }

private:
    void push(T&& thing, std::size_t bytes) {
        m_things.emplace_back(std::move(thing), bytes);
        m_bytes += bytes;
    }

    const std::size_t m_mostBytes;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::pair<T, std::size_t>> m_things;
    std::size_t m_bytes = 0;
    bool m_isClosed = false;
};

}  // namespace alloclens::record
