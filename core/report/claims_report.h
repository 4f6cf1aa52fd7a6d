// SPDX-License-Identifier: GPL-3.0-or-later
//
// What became of claims about a run (core/ledger/claims.h), for people or as JSON.
#pragma once

#include <iosfwd>
#include <span>
#include <string_view>

#include "core/base/result.h"
#include "core/ledger/claims.h"

namespace alloclens {

/// `format` is "text" or "json".
[[nodiscard]] Result<void> writeClaims(std::string_view path, std::span<const ClaimVerdict> verdicts,
                                       std::string_view format, std::ostream& out);

}  // namespace alloclens
