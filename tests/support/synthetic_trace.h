// SPDX-License-Identifier: GPL-3.0-or-later
//
// Traces of any size made without text, to measure what comes after reading. The same shape and size give the same
// events everywhere. They have no source: their lines are numbers only. Linear in the lifetimes; ten million take some
// seconds.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/trace/trace.h"

namespace alloclens::test {

enum class TraceShape {
    Slots,     ///< 3,000 addresses on 8 devices are reused, power-law lifetimes, 1,000 double frees
    LiveKeys,  ///< a million keys are live nearly all the time; the next event is at any of them
    Deaths,    ///< every process dies with its buffers, and a sweep removes them
    ManyKeys,  ///< no key is used twice
    Refusals,  ///< a few keys are allocated and freed many times, then freed again and again; counts refused frees
               ///< instead of lifetimes
    Mesh,      ///< a few addresses on 8 devices in step; one device frees a buffer in four once more
};

/// "slots", "live-keys", "deaths", "many-keys", "refusals" or "mesh".
[[nodiscard]] std::string_view traceShapeName(TraceShape shape);

/// Makes about two events a lifetime. If there are fewer lifetimes than LiveKeys has keys, or Slots double frees, those
/// shrink in proportion.
[[nodiscard]] std::shared_ptr<const Trace> makeTrace(TraceShape shape, std::uint64_t lifetimes);

}  // namespace alloclens::test
