// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every importer of large sources does while it puts parts together: it shows what it has so far. Used by the
// thread that puts together.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "core/trace/trace_builder.h"
#include "importers/importer.h"

namespace alloclens {

/// Shows a growing source: its first 32 MiB, and then whatever is there at four times as much. So all that is made of
/// the beginnings costs a third of what the whole costs.
class Beginnings {
public:
    static constexpr std::uint64_t kFirstBytes = std::uint64_t{32} << 20;

    /// `first` is where the first one is shown, for sources that say more in a byte than logs do.
    explicit Beginnings(const ReadOptions& options, std::uint64_t first = kFirstBytes)
        : m_options(options), m_next(first) {}

    /// `bytes` of the source are in the builder. `finished` makes a trace of a copy of it, and may give none.
    void show(const TraceBuilder& builder, std::uint64_t bytes,
              const std::function<std::shared_ptr<const Trace>(TraceBuilder&&)>& finished);

private:
    static constexpr std::uint64_t kGrowth = 4;
    const ReadOptions& m_options;
    std::uint64_t m_next;
};

}  // namespace alloclens
