// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/standard_streams.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <ctime>
#include <exception>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <unistd.h>

#include "core/base/showable.h"

namespace alloclens {
namespace {

/// Blocks SIGPIPE on this thread while it writes to a pipe that may have lost its reader.
class WithoutPipeSignal {
public:
    WithoutPipeSignal() {
        ::sigemptyset(&m_pipe);
        ::sigaddset(&m_pipe, SIGPIPE);
        sigset_t pending;
        ::sigpending(&pending);
        m_wasPending = ::sigismember(&pending, SIGPIPE) == 1;
        ::pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before);
    }
    ~WithoutPipeSignal() {
        const timespec now{};
        if (!m_wasPending) ::sigtimedwait(&m_pipe, nullptr, &now);
        ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    WithoutPipeSignal(const WithoutPipeSignal&) = delete;
    WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;

private:
    sigset_t m_pipe{};
    sigset_t m_before{};
    bool m_wasPending = false;
};

}  // namespace

void openClosedStandardStreams() noexcept {
    for (int number = STDIN_FILENO; number <= STDERR_FILENO; ++number) {
        if (::fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
        // Opened the wrong way round, so that using it fails. open() takes the lowest free number, which is this one.
        const int flags = number == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (::open("/dev/null", flags) < 0) (void)::open("/", O_RDONLY | O_DIRECTORY);
    }
}

bool isOpenForWriting(int descriptor) noexcept {
    const int flags = ::fcntl(descriptor, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

void say(std::string_view text, Patience patience) noexcept {
    const int waitMs = patience ? static_cast<int>(patience->count()) : -1;
    const WithoutPipeSignal guard;
    while (!text.empty()) {
        pollfd place{STDERR_FILENO, POLLOUT, 0};
        const int ready = ::poll(&place, 1, waitMs);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return;
        // A ready pipe takes PIPE_BUF bytes without blocking.
        const auto done = ::write(STDERR_FILENO, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
        if (done > 0) {
            text.remove_prefix(static_cast<std::size_t>(done));
        } else if (done == 0 || (errno != EINTR && errno != EAGAIN)) {
            return;
        }
    }
}

void saySentence(std::string_view program, std::string_view sentence, Patience patience) noexcept {
    try {
        // One write, so that lines of several threads and programs do not mix on a terminal.
        say(std::string(program) + ": " + showableLines(sentence) + '\n', patience);
    } catch (const std::exception&) {  // no memory for the copy
        say(program, patience);
        say(": there is not enough memory to describe the error.\n", patience);
    }
}

}  // namespace alloclens
