// SPDX-License-Identifier: GPL-3.0-or-later
//
// Root may read and write everything, so tests of permissions go on as nobody while this object lives.
#pragma once

#include <unistd.h>

namespace alloclens::test {

class Unprivileged {
public:
    Unprivileged() {
        constexpr uid_t kNobody = 65534;
        m_isChanged = ::geteuid() == 0 && ::seteuid(kNobody) == 0;
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;
    ~Unprivileged() {
        if (m_isChanged && ::seteuid(0) != 0) ::_exit(1);
    }

    /// Permissions hold for this process now.
    [[nodiscard]] static bool isBound() { return ::geteuid() != 0; }

private:
    bool m_isChanged = false;
};

}  // namespace alloclens::test
