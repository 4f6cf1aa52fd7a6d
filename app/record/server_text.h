// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tracking server's own lines, byte for byte (docs/formats/server-log.md), as the server that checks messages (Poc)
// or the enhanced one prints them. Formats only; ServerState decides what happened. Any thread may call.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/record/device_list.h"
#include "app/record/histories.h"
#include "core/trace/trace_builder.h"
#include "core/tracker/tracker.h"
#include "importers/alloc_message/code_memory.h"

namespace alloclens::record {

/// Which server's lines.
enum class Voice : std::uint8_t { Poc, Enhanced };

/// Appends the line of an allocation or a free.
void appendEventLine(const TracePart::Event& event, Voice voice, std::string& to);

/// The line of a circular buffer that appears (`isGain`) or goes. `total` is the device's sum afterwards, in bytes.
[[nodiscard]] std::string circularBufferLine(bool isGain, std::int32_t device, std::uint64_t size, std::uint64_t total);
/// The same for a kernel of `type` 0 application, 1 fabric or 2 dispatch.
[[nodiscard]] std::string kernelLine(bool isGain, std::uint8_t type, std::int32_t device, std::uint64_t size,
                                     std::uint64_t total);
[[nodiscard]] std::string sweepText(std::int32_t pid, const Tracker::Removed& buffers,
                                    const alloc_message::CodeMemory::Removed& others);
[[nodiscard]] std::string startText(Voice voice, const std::string& socketPath, const DeviceList& devices);
[[nodiscard]] std::string stopText(Voice voice);
[[nodiscard]] std::string statisticsText(Voice voice, const Tracker& tracker);

/// "FREE size=98304 pid=20198 ref=0".
[[nodiscard]] std::string pastEventText(const PastEvent& event);

[[nodiscard]] std::string alreadyFreedText(std::int32_t pid, const AddressKey& key, const History& history);
[[nodiscard]] std::string sizeChangedLine(std::int32_t pid, const AddressKey& key, std::uint64_t before,
                                          std::uint64_t now);
/// `histories` is null for the server that keeps none.
[[nodiscard]] std::string remainingText(const Tracker& tracker, const Histories* histories);
[[nodiscard]] std::string doubleFreedText(const Histories& histories);
/// The report of all kernels. `now` is in ns since 1970 and shows their ages.
[[nodiscard]] std::string kernelsText(std::vector<std::pair<AddressKey, alloc_message::CodeMemory::Kernel>> kernels,
                                      std::int64_t now);

inline constexpr std::string_view kRemainingReceived = "📋 Received DUMP_REMAINING request...\n";
inline constexpr std::string_view kRemainingComplete = "📋 DUMP_REMAINING complete.\n";

}  // namespace alloclens::record
