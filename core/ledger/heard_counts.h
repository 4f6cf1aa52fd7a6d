// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the enhanced server remembers of every key since its start: allocations and frees that it heard of, refused ones
// included, and how many keys were freed more often than allocated. Belongs to LiveTable; empty for other servers.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/id.h"

namespace alloclens {

class HeardCounts {
public:
    struct Heard {
        std::uint64_t allocations = 0;
        std::uint64_t frees = 0;  ///< received, refused ones included
        [[nodiscard]] bool isDoubleFreed() const { return frees > allocations; }
    };

    explicit HeardCounts(std::size_t keys) : m_of(keys) {}

    [[nodiscard]] Heard of(AddressId key) const {
        return !m_of.empty() && m_of[key.index()].server == m_server ? m_of[key.index()].heard : Heard{};
    }
    [[nodiscard]] std::uint64_t doubleFreed() const { return m_doubleFreed; }

    void hear(AddressId key, bool isFree) {
        if (m_of.empty()) return;
        OfServer& of = m_of[key.index()];
        if (of.server != m_server) of = {{}, m_server};
        const bool wasDoubleFreed = of.heard.isDoubleFreed();
        ++(isFree ? of.heard.frees : of.heard.allocations);
        if (of.heard.isDoubleFreed() && !wasDoubleFreed) ++m_doubleFreed;
        if (!of.heard.isDoubleFreed() && wasDoubleFreed) --m_doubleFreed;
    }
    /// Another server knows nothing of all that.
    void restart() {
        ++m_server;
        m_doubleFreed = 0;
    }

private:
    struct OfServer {
        Heard heard;
        std::uint32_t server = 0;
    };
    std::vector<OfServer> m_of;  ///< by AddressId
    std::uint32_t m_server = 1;
    std::uint64_t m_doubleFreed = 0;
};

}  // namespace alloclens
