// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which findings of a log are news: those that neither the baseline knows nor a suppression covers. Nothing is removed
// from the analysis; reports leave out what is hidden and say how much that is.
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
    bool isExpired = false;   ///< then it hides nothing
    std::uint64_t count = 0;  ///< findings that match it; each counts for one of them
};

struct Triage {
    std::vector<std::uint8_t> shown;  ///< by FindingId: 1 where it is news
    std::uint64_t known = 0;          ///< findings that the baseline has
    std::uint64_t suppressed = 0;     ///< the others that a suppression hides
    bool hasBaseline = false;
    std::vector<std::string> gone;     ///< identifiers of the baseline that the log does not have, in its order
    std::vector<SuppressionUse> uses;  ///< in the order of the file
};

/// Holds the findings to what is known. Never fails; linear in findings and suppressions times clusters.
[[nodiscard]] Triage triage(const Analysis& analysis, const std::optional<Baseline>& baseline,
                            const std::vector<Suppression>& suppressions, std::chrono::year_month_day today);

/// One sentence for each suppression that has expired or that nothing matches: something to tell the user.
[[nodiscard]] std::vector<std::string> staleSuppressions(const Triage& triage);

}  // namespace alloclens
