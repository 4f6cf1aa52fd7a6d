// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/say.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <poll.h>
#include <unistd.h>

namespace alloclens::cli {

void sayWithin(std::string_view text, std::chrono::milliseconds patience) {
    while (!text.empty()) {
        pollfd place{STDERR_FILENO, POLLOUT, 0};
        const int ready = ::poll(&place, 1, static_cast<int>(patience.count()));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return;
        // A pipe that is ready takes so much without waiting.
        const auto wrote = ::write(STDERR_FILENO, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
        if (wrote > 0) {
            text.remove_prefix(static_cast<std::size_t>(wrote));
        } else if (wrote == 0 || (errno != EINTR && errno != EAGAIN)) {
            return;
        }
    }
}

void tell(const std::string& sentence) {
    constexpr std::chrono::milliseconds kPatience{200};
    sayWithin("alloclens-cli: " + sentence + '\n', kPatience);
}

}  // namespace alloclens::cli
