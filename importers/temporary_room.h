// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where temporary copies go and how much room they leave there: a small compressed file may unpack to more than any
// disk holds, and other programs need the disk too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace alloclens {

/// TMPDIR; without it /tmp, or /var/tmp where /tmp is kept in memory and /var/tmp is not.
[[nodiscard]] std::string temporaryFolder();

struct Space {
    std::uint64_t free = 0;   ///< bytes
    std::uint64_t total = 0;  ///< bytes
};
/// Of the file system on which an open file is. Of one in memory no more is free than the machine has memory left. None
/// where the system does not say.
[[nodiscard]] std::optional<Space> spaceOf(int descriptor);
/// So much of it stays free: 5 %, or 1 GiB where that is less.
[[nodiscard]] std::uint64_t keptFree(const Space& space);

}  // namespace alloclens
