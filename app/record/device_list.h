// SPDX-License-Identifier: GPL-3.0-or-later
//
// The devices that the recorder tells of when it is asked for them. It opens none: they are described by a file or
// by the name of an architecture (docs/recorder.md, "Devices"). A value, made once before recording begins.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace alloclens::record {

/// The protocol knows devices 0 to 255.
inline constexpr std::int32_t kMostDevices = 256;

struct Device {
    bool isAvailable = false;
    bool isRemote = false;
    std::uint32_t architecture = 0;  ///< 1 Grayskull, 2 Wormhole_B0, 3 Blackhole, 4 Quasar
    std::uint32_t dramChannels = 0;
    std::uint64_t dramBytesPerChannel = 0;
    std::uint32_t l1BytesPerCore = 0;
    std::uint64_t dramBytes = 0;
    std::uint64_t l1Bytes = 0;
};

/// By device number; gaps are devices that are not available.
using DeviceList = std::vector<Device>;

/// "Wormhole_B0", or "Unknown".
[[nodiscard]] std::string_view architectureName(std::uint32_t architecture);

/// So many devices of one architecture: "grayskull", "wormhole_b0" or "blackhole".
[[nodiscard]] Result<DeviceList> devicesOfArchitecture(std::string_view name, std::uint32_t count);

/// Reads a description; `where` is its name for errors. An architecture named on the command line is that of devices
/// that name none.
[[nodiscard]] Result<DeviceList> devicesFromJson(std::string_view text, const std::string& where,
                                                 std::string_view architecture);
[[nodiscard]] Result<DeviceList> devicesFromFile(const std::string& path, std::string_view architecture);

}  // namespace alloclens::record
