// SPDX-License-Identifier: GPL-3.0-or-later
//
// Clusters of findings that a team has decided to accept, by signature (docs/triage.md). Each has a reason and a last
// day. Both are required, so that nothing stays hidden for ever without a known cause.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace alloclens {

struct Suppression {
    std::string signature;                ///< of clusters; * matches any text, ? one character
    std::string reason;                   ///< for people, not empty
    std::chrono::year_month_day expires;  ///< the last day on which it applies

    /// Whether the whole signature matches the pattern: "double-free:*" matches each cluster of double frees.
    [[nodiscard]] bool matches(const std::string& clusterSignature) const;
    [[nodiscard]] bool isExpired(std::chrono::year_month_day today) const { return expires < today; }
};

/// Reads `{ "schema": "alloclens.suppressions/1", "suppressions": [ { "signature", "reason", "expires" } ] }`, where
/// expires is "2027-03-31". Errors (Usage): what is missing or wrong and where; `where` is the file's name.
[[nodiscard]] Result<std::vector<Suppression>> parseSuppressions(std::string_view text, const std::string& where);

/// Formats a day: "2027-03-31".
[[nodiscard]] std::string dayText(std::chrono::year_month_day day);
/// The current day in UTC.
[[nodiscard]] std::chrono::year_month_day today();

}  // namespace alloclens
