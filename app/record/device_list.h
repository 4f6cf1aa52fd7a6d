// SPDX-License-Identifier: GPL-3.0-or-later
//
// The devices that the recorder reports when clients ask. It opens none of them: a file or the name of an architecture
// describes them (docs/recorder.md, "Devices"). A value, made once before recording begins.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/tracker/server_limits.h"

namespace alloclens::record {

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

/// Indexed by device number; gaps are devices that are not available.
using DeviceList = std::vector<Device>;

/// 2 -> "Wormhole_B0"; "Unknown" for other numbers.
[[nodiscard]] std::string_view architectureName(std::uint32_t architecture);

/// "wormhole_b0", 8 -> eight equal devices. Errors (Usage): the name is not "grayskull", "wormhole_b0" or "blackhole";
/// `count` is 0 or above kMostDevices.
[[nodiscard]] Result<DeviceList> devicesOfArchitecture(std::string_view name, std::uint32_t count);

/// Reads a description (docs/recorder.md); `where` names it in errors. `architecture` is from the command line and
/// applies to devices that name none. Errors (Input): what is wrong and where.
///
///     { "devices": [ { "arch": "wormhole_b0", "remote": true }, { "available": false } ] }
[[nodiscard]] Result<DeviceList> devicesFromJson(std::string_view text, const std::string& where,
                                                 std::string_view architecture);
/// The same from a file. Errors (Input): also if the file cannot be read.
[[nodiscard]] Result<DeviceList> devicesFromFile(const std::string& path, std::string_view architecture);

}  // namespace alloclens::record
