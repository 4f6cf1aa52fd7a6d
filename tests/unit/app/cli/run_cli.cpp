// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/app/cli/run_cli.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <pty.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "tests/unit/support/log_fixture.h"

namespace alloclens::test {
namespace {

struct Pipe {
    int read = -1;
    int write = -1;
};

Pipe makePipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) stop("cannot make a pipe");
    return {ends[0], ends[1]};
}

/// A terminal that changes nothing in what is written to it: `read` is the program that shows it.
Pipe makeTerminal() {
    Pipe ends;
    if (::openpty(&ends.read, &ends.write, nullptr, nullptr, nullptr) != 0) stop("cannot make a terminal");
    termios settings{};
    ::tcgetattr(ends.write, &settings);
    ::cfmakeraw(&settings);
    ::tcsetattr(ends.write, TCSANOW, &settings);
    ::fcntl(ends.read, F_SETFD, FD_CLOEXEC);
    ::fcntl(ends.write, F_SETFD, FD_CLOEXEC);
    return ends;
}

std::string readAll(int descriptor) {
    std::string text;
    std::array<char, 65536> buffer{};
    while (true) {
        const auto got = ::read(descriptor, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;  // a terminal ends with an error
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    ::close(descriptor);
    return text;
}

void writeAll(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto done = ::write(descriptor, text.data(), text.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) break;  // it reads no further
        text.remove_prefix(static_cast<std::size_t>(done));
    }
    ::close(descriptor);
}

void setEnvironment(const std::vector<std::string>& environment) {
    for (const std::string& entry : environment) {
        const std::size_t equals = entry.find('=');
        const std::string name = entry.substr(0, equals);
        if (equals == std::string::npos) {
            ::unsetenv(name.c_str());
        } else {
            ::setenv(name.c_str(), entry.substr(equals + 1).c_str(), 1);
        }
    }
}

[[noreturn]] void becomeCli(const std::vector<std::string>& arguments, const CliOptions& options, int input, int output,
                            int errors) {
    options.isInputClosed ? ::close(STDIN_FILENO) : ::dup2(input, STDIN_FILENO);
    options.isOutputClosed ? ::close(STDOUT_FILENO) : ::dup2(output, STDOUT_FILENO);
    options.isErrorClosed ? ::close(STDERR_FILENO) : ::dup2(errors, STDERR_FILENO);
    setEnvironment(options.environment);
    if (options.fileSizeLimit > 0) {
        const rlimit limit{options.fileSizeLimit, options.fileSizeLimit};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    if (options.memoryLimit > 0) {
        const rlimit limit{options.memoryLimit, options.memoryLimit};
        ::setrlimit(RLIMIT_AS, &limit);
    }
    if (options.isWithoutThreads) {
        // A new thread's stack is as large as the limit says, and there is no room for it.
        rlimit limit{};
        ::getrlimit(RLIMIT_STACK, &limit);
        limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, rlim_t{100} << 40);
        ::setrlimit(RLIMIT_STACK, &limit);
    }
    std::signal(SIGPIPE, SIG_DFL);
    std::vector<char*> words;
    std::string program = ALLOCLENS_CLI;
    std::vector<std::string> copies = arguments;
    words.push_back(program.data());
    for (std::string& word : copies) words.push_back(word.data());
    words.push_back(nullptr);
    ::execv(program.c_str(), words.data());
    ::_exit(127);
}

}  // namespace

CliResult runCli(const std::vector<std::string>& arguments, const CliOptions& options) {
    std::signal(SIGPIPE, SIG_IGN);  // it may end before it has read all of its input
    Pipe input = makePipe();
    Pipe errors = makePipe();
    Pipe output = options.isOutputTerminal ? makeTerminal() : makePipe();
    if (options.outputPath) {
        ::close(output.write);
        const int mode = options.appendsOutput ? O_APPEND : O_TRUNC;
        output.write = ::open(options.outputPath->c_str(), O_WRONLY | O_CREAT | mode | O_CLOEXEC, 0600);
        if (output.write < 0) stop("cannot open " + *options.outputPath);
    }
    if (options.inputPath) {
        ::close(input.read);
        input.read = ::open(options.inputPath->c_str(), O_RDONLY | O_CLOEXEC);
        if (input.read < 0) stop("cannot open " + *options.inputPath);
    }
    if (options.errorPath) {
        ::close(errors.write);
        errors.write = ::open(options.errorPath->c_str(), O_WRONLY | O_CLOEXEC);
        if (errors.write < 0) stop("cannot open " + *options.errorPath);
    }
    if (options.isOutputUnread) ::close(std::exchange(output.read, ::open("/dev/null", O_RDONLY | O_CLOEXEC)));
    if (options.isErrorUnread) ::close(std::exchange(errors.read, ::open("/dev/null", O_RDONLY | O_CLOEXEC)));
    const pid_t child = ::fork();
    if (child < 0) stop("cannot start alloclens-cli");
    if (child == 0) becomeCli(arguments, options, input.read, output.write, errors.write);
    ::close(input.read);
    ::close(output.write);
    ::close(errors.write);

    CliResult result;
    {
        std::jthread writer([&] { writeAll(input.write, options.input); });
        std::jthread errorReader([&] { result.errors = readAll(errors.read); });
        result.output = readAll(output.read);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
}

}  // namespace alloclens::test
