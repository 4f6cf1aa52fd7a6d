// SPDX-License-Identifier: GPL-3.0-or-later
//
// Watches processes for their death with pidfds, which report it at once, even for zombies. A process whose number is
// unknown here is dead, or lives in another pid namespace; then the end of its connections decides. Used by the
// recorder's thread, which polls descriptor().
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

namespace alloclens::record {

class ProcessWatch {
public:
    enum class State : std::uint8_t {
        Watched,  ///< its death will be reported
        Absent,   ///< no process has this number here
        Waiting,  ///< no descriptor was available; retry() tries again, and checks whether it lives
    };

    ProcessWatch();
    ~ProcessWatch();
    ProcessWatch(const ProcessWatch&) = delete;
    ProcessWatch& operator=(const ProcessWatch&) = delete;

    /// Starts to watch a process, or returns the state of a known one. Numbers below 1 are Absent.
    State add(std::int32_t pid);
    /// Stops watching a process and forgets it.
    void remove(std::int32_t pid);
    /// Whether a known process has died, even if another one has its number now.
    [[nodiscard]] bool hasDied(std::int32_t pid) const;
    [[nodiscard]] std::size_t size() const { return m_processes.size(); }

    /// Readable once a process has died.
    [[nodiscard]] int descriptor() const { return m_epoll; }
    /// Returns those that died since the last call, and stops watching them.
    [[nodiscard]] std::vector<std::int32_t> takeDead();
    /// Tries again to watch processes in state Waiting, at most `most` a call, in turn. Returns those that died
    /// meanwhile.
    [[nodiscard]] std::vector<std::int32_t> retry(std::size_t most);

private:
    struct Process {
        int descriptor = -1;
        State state = State::Absent;
        std::uint64_t started = 0;  ///< for Waiting; 0 if unknown
    };

    [[nodiscard]] Process open(std::int32_t pid) const;

    int m_epoll = -1;
    std::deque<std::int32_t> m_waiting;  ///< some may be watched or gone by now
    std::unordered_map<std::int32_t, Process> m_processes;
};

}  // namespace alloclens::record
