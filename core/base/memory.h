// SPDX-License-Identifier: GPL-3.0-or-later
//
// How much memory a program may still take, so that work which needs more can be refused with a sentence instead of
// ending in the hands of the system.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.h"

namespace alloclens {

/// Bytes that are free or can be freed without swapping: of the machine, or of the control group where that has less.
/// None where the system does not tell.
[[nodiscard]] std::optional<std::uint64_t> availableMemory();

/// What is said of `where`, a path, when memory has run out all the same.
[[nodiscard]] Error outOfMemory(std::string where);

}  // namespace alloclens
