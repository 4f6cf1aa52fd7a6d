// SPDX-License-Identifier: GPL-3.0-or-later
#include "last_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <unistd.h>

// Given where the program is built with a sanitizer, whose findings end it without a signal.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace alloclens::test {
namespace {

constexpr std::size_t kSteps = 60;
constexpr std::size_t kLength = 120;
constexpr std::array kSignals = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGALRM};

std::array<std::array<char, kLength>, kSteps> g_steps;
std::size_t g_count = 0;
std::array<char, kLength> g_head;
std::array<struct sigaction, 65> g_before;
unsigned g_seconds = 0;
int g_number = 0;
alignas(16) std::array<char, 65536> g_stack;

void print(const char* text) {
    static_cast<void>(write(STDERR_FILENO, text, std::strlen(text)));
    static_cast<void>(write(STDERR_FILENO, "\n", 1));
}

void printSteps() {
    print(g_head.data());
    for (std::size_t i = g_count > kSteps ? g_count - kSteps : 0; i < g_count; ++i) print(g_steps[i % kSteps].data());
}

// Only functions that may be called from a signal handler; then whoever handled the signal before.
void handle(int number, siginfo_t* /*info*/, void* /*context*/) {
    if (number == SIGALRM) print("A step does not end.");
    printSteps();
    sigaction(number, &g_before[static_cast<std::size_t>(number)], nullptr);
    raise(number == SIGALRM ? SIGKILL : number);
}

void copy(std::array<char, kLength>& to, const std::string& text) {
    const std::size_t length = std::min(text.size(), kLength - 1);
    std::copy_n(text.begin(), length, to.begin());
    to[length] = '\0';
}

}  // namespace

void printStepsOnCrash(std::uint32_t seed, unsigned seconds) {
    copy(g_head, fmt::format("seed {}, the last steps:", seed));
    g_count = 0;
    g_number = 0;
    g_seconds = seconds;
    stack_t stack{};
    stack.ss_sp = g_stack.data();  // a recursion without end has used up the other
    stack.ss_size = g_stack.size();
    sigaltstack(&stack, nullptr);
    struct sigaction action {};
    action.sa_sigaction = handle;
    action.sa_flags = SA_ONSTACK | SA_SIGINFO;
    for (const int number : kSignals) sigaction(number, &action, &g_before[static_cast<std::size_t>(number)]);
    if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(printSteps);
}

void forgetSteps() {
    alarm(0);
    for (const int number : kSignals) sigaction(number, &g_before[static_cast<std::size_t>(number)], nullptr);
    if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(nullptr);
}

void noteStep(int number, const QString& what) {
    copy(g_steps[g_count++ % kSteps], fmt::format("{:6} {}", number, what.toStdString()));
    if (number != g_number) alarm(g_seconds);  // a step may have many parts and still have to end
    g_number = number;
}

}  // namespace alloclens::test
