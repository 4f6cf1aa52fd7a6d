// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/process_watch.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <string>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace alloclens::record {

namespace {

struct Status {
    bool isGone = false;
    std::uint64_t started = 0;  ///< in ticks since boot; with the pid it identifies a process for ever
};

// A zombie still accepts signals, so this reads its state too. In /proc/PID/stat "77 (a b) c) S 1 ..." the state
// follows the last parenthesis, since names may contain some. The start time, field 22, is the twentieth from the
// state.
Status statusOf(std::int32_t pid) {
    if (::kill(pid, 0) != 0 && errno == ESRCH) return {true, 0};
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string stat;
    std::getline(file, stat, '\0');
    const std::size_t name = stat.rfind(") ");
    if (name == std::string::npos) return {};
    std::istringstream fields(stat.substr(name + 2));
    std::string field;
    fields >> field;
    Status status;
    status.isGone = field == "Z" || field == "X";
    constexpr int kBetween = 18;
    for (int i = 0; i < kBetween; ++i) fields >> field;
    fields >> status.started;
    return status;
}

}  // namespace

ProcessWatch::ProcessWatch() : m_epoll(::epoll_create1(EPOLL_CLOEXEC)) {}

ProcessWatch::~ProcessWatch() {
    for (const auto& [pid, process] : m_processes) {
        if (process.descriptor >= 0) ::close(process.descriptor);
    }
    if (m_epoll >= 0) ::close(m_epoll);
}

ProcessWatch::Process ProcessWatch::open(std::int32_t pid) const {
    if (pid <= 0) return {};
    const auto descriptor = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (descriptor < 0) {
        // Out of descriptors, or without pidfd in this kernel or container: retry() asks for the process instead.
        if (errno == ESRCH || errno == EINVAL) return {};
        const Status status = statusOf(pid);
        return {-1, status.isGone ? State::Absent : State::Waiting, status.started};
    }
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = static_cast<std::uint32_t>(pid);
    if (::epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event) == 0) return {descriptor, State::Watched, 0};
    ::close(descriptor);
    return {-1, State::Waiting, statusOf(pid).started};
}

ProcessWatch::State ProcessWatch::add(std::int32_t pid) {
    const auto [at, isNew] = m_processes.try_emplace(pid);
    if (isNew || at->second.state == State::Absent) {
        at->second = open(pid);
        if (at->second.state == State::Waiting) m_waiting.push_back(pid);
    }
    return at->second.state;
}

void ProcessWatch::remove(std::int32_t pid) {
    const auto at = m_processes.find(pid);
    if (at == m_processes.end()) return;
    if (at->second.descriptor >= 0) ::close(at->second.descriptor);
    m_processes.erase(at);
}

bool ProcessWatch::hasDied(std::int32_t pid) const {
    const auto at = m_processes.find(pid);
    if (at == m_processes.end()) return false;
    const Process& process = at->second;
    if (process.state == State::Watched) {
        pollfd place{process.descriptor, POLLIN, 0};
        return ::poll(&place, 1, 0) > 0;
    }
    if (process.state != State::Waiting) return false;
    const Status status = statusOf(pid);
    return status.isGone || status.started != process.started;
}

std::vector<std::int32_t> ProcessWatch::takeDead() {
    std::vector<std::int32_t> dead;
    std::array<epoll_event, 64> events{};
    int count = 0;
    do {
        count = ::epoll_wait(m_epoll, events.data(), static_cast<int>(events.size()), 0);
        for (int i = 0; i < count; ++i) {
            dead.push_back(static_cast<std::int32_t>(events[static_cast<std::size_t>(i)].data.u64));
            remove(dead.back());
        }
    } while (count == static_cast<int>(events.size()));
    return dead;
}

std::vector<std::int32_t> ProcessWatch::retry(std::size_t most) {
    std::vector<std::int32_t> dead;
    for (std::size_t left = std::min(most, m_waiting.size()); left > 0; --left) {
        const std::int32_t pid = m_waiting.front();
        m_waiting.pop_front();
        const auto at = m_processes.find(pid);
        if (at == m_processes.end() || at->second.state != State::Waiting) continue;
        const bool isDead = hasDied(pid);
        if (!isDead) at->second = open(pid);
        if (isDead || at->second.state == State::Absent) {
            dead.push_back(pid);
            m_processes.erase(at);
        } else if (at->second.state == State::Waiting) {
            m_waiting.push_back(pid);
        }
    }
    return dead;
}

}  // namespace alloclens::record
