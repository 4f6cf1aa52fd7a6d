// SPDX-License-Identifier: GPL-3.0-or-later
//
// Binds a test to one core, to check that results do not depend on the number of cores. The destructor restores what
// the thread had.
#pragma once

#include <cstddef>
#include <sched.h>

namespace alloclens::test {

/// While it lives, this thread and threads that it starts run on one core.
class OnOneCore {
public:
    OnOneCore() {
        if (::sched_getaffinity(0, sizeof m_before, &m_before) != 0) return;
        cpu_set_t one;
        CPU_ZERO(&one);
        std::size_t first = 0;
        while (first < CPU_SETSIZE && !CPU_ISSET(first, &m_before)) ++first;
        CPU_SET(first, &one);
        m_isBound = ::sched_setaffinity(0, sizeof one, &one) == 0;
    }
    ~OnOneCore() {
        if (m_isBound) ::sched_setaffinity(0, sizeof m_before, &m_before);
    }
    OnOneCore(const OnOneCore&) = delete;
    OnOneCore& operator=(const OnOneCore&) = delete;

private:
    cpu_set_t m_before{};
    bool m_isBound = false;
};

}  // namespace alloclens::test
