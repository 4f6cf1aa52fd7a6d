// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes the verdicts on claims about a run (core/ledger/claims.h), as text for people or as JSON. Pure but for the
// stream; any thread may call.
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "core/base/result.h"
#include "core/ledger/claims.h"

namespace alloclens {

/// `path` is the file of the claims, which the report names. `format` is "json"; any other writes text. Never fails;
/// the caller checks `out`.
[[nodiscard]] Result<void> writeClaims(std::string_view path, std::span<const ClaimVerdict> verdicts,
                                       std::string_view format, std::ostream& out);

}  // namespace alloclens
