// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/stop_signals.h"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/signalfd.h>
#include <unistd.h>
#include <utility>

namespace alloclens::cli {
namespace {

bool isIgnored(int signal) {
    struct sigaction action {};
    return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

Result<StopSignals> StopSignals::open() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGINT);
    ::sigaddset(&signals, SIGTERM);
    if (!isIgnored(SIGHUP)) ::sigaddset(&signals, SIGHUP);
    FileHandle file(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!file.isOpen()) {
        return Error{ErrorKind::Output, fmt::format("signals cannot be waited for: {}", std::strerror(errno)), {}, {}};
    }
    // Otherwise a recording in the background would stop when it writes to its terminal.
    ::sigaddset(&signals, SIGTTOU);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return StopSignals(std::move(file));
}

int StopSignals::take() const {
    signalfd_siginfo info{};
    const auto got = ::read(m_file.descriptor(), &info, sizeof info);
    return got == static_cast<ssize_t>(sizeof info) ? static_cast<int>(info.ssi_signo) : 0;
}

void StopSignals::dieOf(int signal) {
    std::signal(signal, SIG_DFL);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, signal);
    ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    (void)::kill(::getpid(), signal);
    constexpr int kShellsOffset = 128;
    ::_exit(kShellsOffset + signal);
}

}  // namespace alloclens::cli
