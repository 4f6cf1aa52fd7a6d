// SPDX-License-Identifier: GPL-3.0-or-later
//
// The shapes of some lines of other writers.
#pragma once

#include <initializer_list>
#include <string_view>

#include "importers/server_log/foreign_shapes.h"

namespace alloclens::test {

[[nodiscard]] inline server_log::ForeignShapes shapesOf(std::initializer_list<std::string_view> lines) {
    server_log::ForeignShapes shapes;
    for (const std::string_view line : lines) shapes.add(line);
    return shapes;
}

}  // namespace alloclens::test
