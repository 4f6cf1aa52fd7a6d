// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long lifetimes usually last. A sort is all lifetimes with the same size, memory and owner; its lengths are events
// of the trace. They vary by factors, so median and spread are of logarithms. Not thread-safe until collect() has
// returned; then any number of threads may read.
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

    /// Registers the sort of a lifetime. Call it before collect().
    void ask(LifetimeId lifetime) { m_lengths.try_emplace(codeOf(lifetime.index())); }
    /// Reads freed lifetimes of the registered sorts, at most a million in all. Returns false if cancelled.
    [[nodiscard]] bool collect(const TaskContext& task);
    /// None if fewer than eight lengths were read.
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
