// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/process_watch.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <string>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace alloclens::record {

namespace {

// A zombie still takes signals, so its state is asked for as well: the letter behind the name, which may itself have
// parentheses and spaces in it.
bool isGone(std::int32_t pid) {
    if (::kill(pid, 0) != 0 && errno == ESRCH) return true;
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string stat;
    std::getline(file, stat, '\0');
    const std::size_t name = stat.rfind(") ");
    return name != std::string::npos && name + 2 < stat.size() && (stat[name + 2] == 'Z' || stat[name + 2] == 'X');
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
        // For want of descriptors, or in a kernel or container that has none of processes, it can be asked after.
        const bool isAbsent = errno == ESRCH || errno == EINVAL || isGone(pid);
        return {-1, isAbsent ? State::Absent : State::Waiting};
    }
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = static_cast<std::uint32_t>(pid);
    if (::epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event) == 0) return {descriptor, State::Watched};
    ::close(descriptor);
    return {-1, State::Waiting};
}

ProcessWatch::State ProcessWatch::add(std::int32_t pid) {
    const auto [at, isNew] = m_processes.try_emplace(pid);
    if (isNew || at->second.state == State::Absent) {
        at->second = open(pid);
        if (at->second.state == State::Waiting) ++m_waiting;
    }
    return at->second.state;
}

void ProcessWatch::remove(std::int32_t pid) {
    const auto at = m_processes.find(pid);
    if (at == m_processes.end()) return;
    if (at->second.descriptor >= 0) ::close(at->second.descriptor);
    if (at->second.state == State::Waiting) --m_waiting;
    m_processes.erase(at);
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

std::vector<std::int32_t> ProcessWatch::retry() {
    std::vector<std::int32_t> dead;
    if (m_waiting == 0) return dead;
    for (auto& [pid, process] : m_processes) {
        if (process.state != State::Waiting) continue;
        const Process now = open(pid);
        if (now.state == State::Waiting) continue;
        --m_waiting;
        process = now;
        if (now.state == State::Absent) dead.push_back(pid);
    }
    for (const std::int32_t pid : dead) remove(pid);
    return dead;
}

}  // namespace alloclens::record
