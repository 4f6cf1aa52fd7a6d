// SPDX-License-Identifier: GPL-3.0-or-later
//
// Call stacks as programs write them into a message, a call a line, made into frames as far as the text allows
// (docs/formats/alloc-message.md, "Names and stacks"): lines of glibc's backtrace_symbols, of debuggers and stack trace
// libraries, and of Python. The text is often cut in the middle of a call and may be anything. Free functions, for any
// thread that owns the tables.
#pragma once

#include <string_view>

#include "core/trace/attribute_tables.h"

namespace alloclens::alloc_message {

/// What one line says of a call; a line in no form that is known is a call whose function is that line.
[[nodiscard]] Frame frameOf(std::string_view line, StringTable& strings);

/// The stack of a text, none for one without a line. Of the innermost calls so many are kept as a StackTable takes.
[[nodiscard]] StackId stackOf(std::string_view text, AttributeTables& tables);

}  // namespace alloclens::alloc_message
