// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fields of a lifetime that terms ask for, one at a time, as they are read for millions of rows in a row.
#pragma once

#include <cstddef>

#include "core/replay/replay.h"

namespace alloclens::query {

[[nodiscard]] inline AddressId addressOfLifetime(const Replay& replay, std::size_t row) {
    return replay.lifetimes.address(row);
}
[[nodiscard]] inline Memory memoryOfLifetime(const Replay& replay, std::size_t row) {
    return replay.lifetimes.memory(row);
}
[[nodiscard]] inline ProcessId ownerOfLifetime(const Replay& replay, std::size_t row) {
    return replay.ownerOf(LifetimeId(row));
}
[[nodiscard]] inline std::uint64_t sizeOfLifetime(const Replay& replay, std::size_t row) {
    return replay.sizeOf(LifetimeId(row));
}
[[nodiscard]] inline EventId firstOfLifetime(const Replay& replay, std::size_t row) {
    return replay.lifetimes.first(row);
}
[[nodiscard]] inline EventId lastOfLifetime(const Replay& replay, std::size_t row) {
    return replay.lifetimes.last(row);
}
[[nodiscard]] inline bool wasSwept(const Replay& replay, std::size_t row) {
    return replay.lifetimes.end(row) == LifetimeEnd::Swept;
}
[[nodiscard]] inline std::size_t lifetimeCount(const Replay& replay) { return replay.lifetimes.size(); }

}  // namespace alloclens::query
