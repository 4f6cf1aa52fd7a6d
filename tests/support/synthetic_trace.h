// SPDX-License-Identifier: GPL-3.0-or-later
//
// Traces of any size made without text, for measurements of what comes after reading. The same shape and size give the
// same events everywhere. There is no source behind them: their lines exist as numbers only. Linear in the lifetimes;
// ten million take some seconds.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/trace/trace.h"

namespace alloclens::test {

enum class TraceShape {
    Slots,     ///< 3,000 addresses on 8 devices used again and again, power-law lifetimes, 1,000 double frees
    LiveKeys,  ///< a million keys are live almost all the time, and the next event is at any of them
    Deaths,    ///< every process dies with its buffers, and a sweep removes them
    ManyKeys,  ///< no key is used twice
    Refusals,  ///< a few keys are allocated and freed many times over, and then again and again; so many refused frees
               ///< instead of lifetimes
    Mesh,      ///< a few addresses on 8 devices in step; on one device a buffer in four is freed once more
};

/// "slots", "live-keys", "deaths", "many-keys", "refusals", "mesh"
[[nodiscard]] std::string_view traceShapeName(TraceShape shape);

/// About two events a lifetime. Fewer lifetimes than keys in LiveKeys, or than double frees in Slots, shrink those in
/// proportion.
[[nodiscard]] std::shared_ptr<const Trace> makeTrace(TraceShape shape, std::uint64_t lifetimes);

}  // namespace alloclens::test
