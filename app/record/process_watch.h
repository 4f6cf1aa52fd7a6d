// SPDX-License-Identifier: GPL-3.0-or-later
//
// Watches processes for their death by descriptors of them (pidfd), which tell of it at once, also of a zombie's. A
// process that cannot be found by its number is dead already or lives in another namespace of numbers; then the end of
// its connections has to decide. Belongs to the recorder's thread, which waits on descriptor().
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

namespace alloclens::record {

class ProcessWatch {
public:
    enum class State : std::uint8_t {
        Watched,  ///< its death will be told
        Absent,   ///< there is no process of this number here
        Waiting,  ///< there was no descriptor to be had; retry() tries again and asks whether it lives
    };

    ProcessWatch();
    ~ProcessWatch();
    ProcessWatch(const ProcessWatch&) = delete;
    ProcessWatch& operator=(const ProcessWatch&) = delete;

    /// Starts to watch a process, or tells how it stands with one that is known. Numbers below 1 are Absent.
    State add(std::int32_t pid);
    void remove(std::int32_t pid);
    /// Whether a process that is known has died, whoever has its number by now.
    [[nodiscard]] bool hasDied(std::int32_t pid) const;
    [[nodiscard]] std::size_t size() const { return m_processes.size(); }

    /// Readable when a process has died.
    [[nodiscard]] int descriptor() const { return m_epoll; }
    /// Those that have died since the last call; they are watched no longer.
    [[nodiscard]] std::vector<std::int32_t> takeDead();
    /// Tries again to watch those that there was no descriptor for; gives those that have died meanwhile.
    /// Looks at `most` of them, in turn.
    [[nodiscard]] std::vector<std::int32_t> retry(std::size_t most);

private:
    struct Process {
        int descriptor = -1;
        State state = State::Absent;
        std::uint64_t started = 0;  ///< while it is Waiting; 0 where that is not known
    };

    [[nodiscard]] Process open(std::int32_t pid) const;

    int m_epoll = -1;
    std::deque<std::int32_t> m_waiting;  ///< some may be watched or gone by now
    std::unordered_map<std::int32_t, Process> m_processes;
};

}  // namespace alloclens::record
