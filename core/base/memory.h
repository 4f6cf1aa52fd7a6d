// SPDX-License-Identifier: GPL-3.0-or-later
//
// How much memory a program may still take, so that work which needs more can be refused with a sentence instead of
// ending in the hands of the system.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/base/result.h"

namespace alloclens {

/// Bytes that are free or can be freed without swapping: of the machine, of the control group or of the process' own
/// limit, whichever has least.
/// None where the system does not tell.
[[nodiscard]] std::optional<std::uint64_t> availableMemory();
/// The same of a control group (version 2), whose folder is `group` below `root`: the least that it and those above it
/// leave. None where none of them has a limit.
[[nodiscard]] std::optional<std::uint64_t> availableOfGroup(const std::filesystem::path& root,
                                                            const std::filesystem::path& group);

/// What is said of `where`, a path, when memory has run out all the same.
/// "needs more memory than there is (1.2 GiB are free)". Does not fail, although it may be called when there is none.
[[nodiscard]] Error outOfMemory(std::string_view where) noexcept;

}  // namespace alloclens
