// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which values of an attribute have one of the texts that a term asks for. Values are few beside the events that have
// them, so each is looked at once. Free functions, for any thread.
#pragma once

#include "core/query/flags.h"
#include "core/query/term.h"
#include "core/trace/attribute_tables.h"

namespace alloclens::query {

/// A flag a number of the attribute's table, 0 for none included. A stack has a text if one of its calls has it, as it
/// is shown.
[[nodiscard]] Flags attributeValuesWith(const AttributeTables& tables, Attribute attribute, const TextValues& texts);

}  // namespace alloclens::query
