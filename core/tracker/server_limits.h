// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the newest servers take for sense in a message, said once. An allocation beyond these limits is refused with a
// complaint; frees are not looked at.
#pragma once

#include <cstdint>

namespace alloclens {

/// Devices are 0 to 255.
inline constexpr std::int32_t kMostDevices = 256;
[[nodiscard]] constexpr bool isServersDevice(std::int32_t device) { return device >= 0 && device < kMostDevices; }

inline constexpr std::uint64_t kLargestAllocation = std::uint64_t{100} << 30;
[[nodiscard]] constexpr bool isServersSize(std::uint64_t size) { return size > 0 && size <= kLargestAllocation; }

/// TRACE, as the server numbers memories.
inline constexpr std::uint8_t kLastBufferType = 4;

}  // namespace alloclens
