// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which findings are news: neither in the baseline nor suppressed. The analysis keeps all of them; reports leave out
// the hidden ones and say how many they are. Pure; any thread may call.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/triage/baseline.h"
#include "core/triage/suppressions.h"

namespace alloclens {

struct SuppressionUse {
    Suppression suppression;
    bool isExpired = false;   ///< an expired one hides nothing
    std::uint64_t count = 0;  ///< findings that it matches; a finding counts for one suppression only
};

struct Triage {
    std::vector<std::uint8_t> shown;  ///< by FindingId: 1 if it is news
    std::uint64_t known = 0;          ///< findings in the baseline
    std::uint64_t suppressed = 0;     ///< other findings that a suppression hides
    bool hasBaseline = false;
    std::vector<std::string> gone;     ///< identifiers of the baseline that the log lacks, in its order
    std::vector<SuppressionUse> uses;  ///< in the order of the file
};

/// Sorts the findings into news, known and suppressed. Never fails. Linear in findings, and in suppressions times
/// clusters.
[[nodiscard]] Triage triage(const Analysis& analysis, const std::optional<Baseline>& baseline,
                            const std::vector<Suppression>& suppressions, std::chrono::year_month_day today);

/// One sentence for each suppression that has expired or matches nothing, as a warning for the user.
[[nodiscard]] std::vector<std::string> staleSuppressions(const Triage& triage);

}  // namespace alloclens
