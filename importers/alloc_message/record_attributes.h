// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the largest records tell beside their message: the name of the buffer and the call stack. Serves captures and
// the recorder alike. Free functions, for any thread that owns the tables.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/trace/attribute_tables.h"

namespace alloclens::alloc_message {

/// The name in a record, up to its NUL; empty in a record without one.
[[nodiscard]] std::string_view nameIn(const char* record, std::size_t size);

/// The attributes of a record of that size, none of those that have no room for them.
[[nodiscard]] Attributes attributesIn(const char* record, std::size_t size, AttributeTables& tables);

}  // namespace alloclens::alloc_message
