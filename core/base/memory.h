// SPDX-License-Identifier: GPL-3.0-or-later
//
// How much memory the program may still take. Callers refuse work that needs more with a message, before the system
// ends the program. Reads small files of /proc and /sys at each call; any thread may call.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/base/result.h"

namespace alloclens {

/// Bytes that can be taken without swapping: the least of what the machine, the control group and the process' own
/// limit leave. None if the system gives no number.
[[nodiscard]] std::optional<std::uint64_t> availableMemory();
/// The same for a control group (version 2) in the folder `root`/`group`: the least that it and the groups above it
/// leave. None if none of them has a limit.
[[nodiscard]] std::optional<std::uint64_t> availableOfGroup(const std::filesystem::path& root,
                                                            const std::filesystem::path& group);

/// The error for `where`, a path, when memory ran out: "needs more memory than there is (1.2 GiB are free)". Never
/// fails, although memory may be exhausted when it is called.
[[nodiscard]] Error outOfMemory(std::string_view where) noexcept;

}  // namespace alloclens
