// SPDX-License-Identifier: GPL-3.0-or-later
//
// Clusters of findings that somebody has decided to live with: by signature, with the reason and the day until which
// the decision stands (docs/triage.md). Reason and day are not optional, so that nothing is hidden for ever and nobody
// knows why.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace alloclens {

struct Suppression {
    std::string signature;                ///< of a cluster; * stands for any text, ? for one character
    std::string reason;                   ///< for people, not empty
    std::chrono::year_month_day expires;  ///< the last day on which it holds

    [[nodiscard]] bool matches(const std::string& clusterSignature) const;
    [[nodiscard]] bool isExpired(std::chrono::year_month_day today) const { return expires < today; }
};

/// Reads `{ "schema": "alloclens.suppressions/1", "suppressions": [ { "signature", "reason", "expires" } ] }`.
/// Errors (Usage): what is missing or wrong, with its place; `where` is the file's name.
[[nodiscard]] Result<std::vector<Suppression>> parseSuppressions(std::string_view text, const std::string& where);

/// "2027-03-31".
[[nodiscard]] std::string dayText(std::chrono::year_month_day day);
/// The day that it is, in UTC.
[[nodiscard]] std::chrono::year_month_day today();

}  // namespace alloclens
