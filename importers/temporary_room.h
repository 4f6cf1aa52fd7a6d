// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where temporary copies go, and how much room they must leave there: a small compressed file may unpack to more than a
// disk holds, and other programs need the disk too. Any thread may call.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace alloclens {

/// TMPDIR. Without it /tmp, or /var/tmp if /tmp is in memory and /var/tmp is not.
[[nodiscard]] std::string temporaryFolder();

struct Space {
    std::uint64_t free = 0;   ///< bytes
    std::uint64_t total = 0;  ///< bytes
};
/// The room of the file system of an open file. A file system in memory has at most as much as the machine has memory
/// left. None if the system does not say.
[[nodiscard]] std::optional<Space> spaceOf(int descriptor);
/// Bytes that must stay free: 5 %, but at most 1 GiB.
[[nodiscard]] std::uint64_t keptFree(const Space& space);

}  // namespace alloclens
