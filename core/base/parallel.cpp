// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/parallel.h"

#include <sched.h>
#include <utility>

namespace alloclens {

unsigned coreCount() {
    cpu_set_t mine;
    // Fails on machines with more cores than cpu_set_t holds.
    const bool isKnown = ::sched_getaffinity(0, sizeof mine, &mine) == 0;
    const unsigned count = isKnown ? static_cast<unsigned>(CPU_COUNT(&mine)) : std::thread::hardware_concurrency();
    return std::max(1U, count);
}

Error noThread(std::string where) {
    return {ErrorKind::Input, "cannot be read: the system allows no more threads", std::move(where),
            "Close other programs, or raise the limit of processes (ulimit -u)."};
}

}  // namespace alloclens
