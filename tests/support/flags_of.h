// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/row_flags.h"

namespace alloclens::test {

/// Flags as a list of 0 and 1 says.
[[nodiscard]] inline RowFlags flagsOf(const std::vector<std::uint8_t>& values) {
    RowFlags flags(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] != 0) flags.set(i);
    }
    return flags;
}

}  // namespace alloclens::test
