// SPDX-License-Identifier: GPL-3.0-or-later
//
// Flags written as a list, for short tests. Used by one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/row_flags.h"

namespace alloclens::test {

/// {1, 0, 1} -> flags with rows 0 and 2 set.
[[nodiscard]] inline RowFlags flagsOf(const std::vector<std::uint8_t>& values) {
    RowFlags flags(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] != 0) flags.set(i);
    }
    return flags;
}

}  // namespace alloclens::test
