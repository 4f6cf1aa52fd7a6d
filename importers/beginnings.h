// SPDX-License-Identifier: GPL-3.0-or-later
//
// Shows a large source while it is read. Each importer owns one and calls it on the thread that joins its parts.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "core/trace/trace_builder.h"
#include "importers/importer.h"

namespace alloclens {

/// Shows what was read at 32 MiB, and again each time it is four times as much: 32 MiB, 128 MiB, 512 MiB ... All of
/// them together cost about a third of the whole.
class Beginnings {
public:
    static constexpr std::uint64_t kFirstBytes = std::uint64_t{32} << 20;

    /// `first` is the size in bytes of the first one, for sources that hold more in a byte than logs do.
    explicit Beginnings(const ReadOptions& options, std::uint64_t first = kFirstBytes)
        : m_options(options), m_next(first) {}

    /// Calls onPart if enough was read. `bytes` is how much of the source the builder has. `finished` makes a trace of
    /// a copy of the builder; null shows nothing.
    void show(const TraceBuilder& builder, std::uint64_t bytes,
              const std::function<std::shared_ptr<const Trace>(TraceBuilder&&)>& finished);

private:
    static constexpr std::uint64_t kGrowth = 4;
    const ReadOptions& m_options;
    std::uint64_t m_next;
};

}  // namespace alloclens
