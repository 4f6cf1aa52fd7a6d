// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long lifetimes of one sort last: those of the same size, memory and owner, in events of the trace, as median and
// spread of their logarithms. Lengths vary by factors, so that is where they are compared.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/base/interner.h"
#include "core/base/task.h"
#include "core/replay/replay.h"

namespace alloclens {

class LifetimeLengths {
public:
    struct Sort {
        double median = 0;  ///< log2 of events
        double spread = 1;
    };

    explicit LifetimeLengths(const Replay& replay) : m_replay(replay) {}

    /// Makes a lifetime's sort known before lengths are collected.
    void ask(LifetimeId lifetime) { m_lengths.try_emplace(codeOf(lifetime.index())); }
    /// Reads freed lifetimes of those sorts, a million of all at most. False when cancelled.
    [[nodiscard]] bool collect(const TaskContext& task);
    /// None where fewer than eight were read.
    [[nodiscard]] std::optional<Sort> sortOf(LifetimeId lifetime) const;

private:
    struct Hash {
        [[nodiscard]] std::size_t operator()(std::uint64_t code) const { return mixBits(code); }
    };
    [[nodiscard]] std::uint64_t codeOf(std::size_t lifetime) const;

    const Replay& m_replay;
    std::unordered_map<std::uint64_t, std::vector<float>, Hash> m_lengths;
    std::unordered_map<std::uint64_t, Sort, Hash> m_sorts;
};

}  // namespace alloclens
