// SPDX-License-Identifier: GPL-3.0-or-later
//
// The generator's own random numbers: splitmix64, with integer draws that do not depend on the standard library. A seed
// gives the same sequence on every compiler and platform, so a generated log has the same bytes. A cheap value; threads
// must not share one.
#pragma once

#include <cassert>
#include <cstdint>

namespace alloclens::generator {

class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}

    std::uint64_t next() {
        m_state += 0x9e3779b97f4a7c15U;
        return mix(m_state);
    }

    // A number in [0, limit), all equally likely. Requires: limit > 0.
    std::uint64_t below(std::uint64_t limit) {
        assert(limit > 0);
        const std::uint64_t unusable = (0 - limit) % limit;  // 2^64 mod limit: the draws that would favour low numbers
        std::uint64_t draw = next();
        while (draw < unusable) {
            draw = next();
        }
        return draw % limit;
    }

    // A number in [first, last]. Requires: first <= last, and not all 2^64 numbers.
    std::uint64_t between(std::uint64_t first, std::uint64_t last) { return first + below(last - first + 1); }

    // True with the given probability. Uses 53 bits, which are an exact double on every IEEE machine.
    bool chance(double probability) { return static_cast<double>(next() >> 11U) * 0x1p-53 < probability; }

    // How often a coin shows heads before tails, at most `most`: each count is half as likely as the one before.
    unsigned halvings(unsigned most) {
        unsigned count = 0;
        for (std::uint64_t coins = next(); count < most && (coins & 1U) != 0; coins >>= 1U) {
            ++count;
        }
        return count;
    }

    // The last step of splitmix64, which hashes a number well.
    static std::uint64_t mix(std::uint64_t value) {
        value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
        value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
        return value ^ (value >> 31U);
    }

private:
    std::uint64_t m_state;
};

}  // namespace alloclens::generator
