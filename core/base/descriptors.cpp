// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/descriptors.h"

#include <sys/resource.h>

namespace alloclens {

void raiseDescriptorLimit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace alloclens
