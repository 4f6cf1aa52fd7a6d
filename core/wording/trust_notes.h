// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a person must know of a log before believing a report about it: that much of it is lost, that its lines are in
// the wrong order or of several servers, that the server could not read its clients. Mostly there is nothing to say.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

#include "core/analysis/analysis.h"

namespace alloclens {

/// Why it cannot be said that something is not in the log: what is lost, where it begins, and what to do. Empty unless
/// Trust::isTooDamaged.
[[nodiscard]] std::string damageSentence(const Analysis& analysis);

/// The damage and every other doubt, a sentence each.
[[nodiscard]] std::vector<std::string> trustNotes(const Analysis& analysis);

/// The same for scripts, with the numbers behind it.
[[nodiscard]] nlohmann::ordered_json trustJson(const Analysis& analysis);

/// Counts the diagnostics of a code: the trace's and those that the analysis added.
[[nodiscard]] std::uint64_t countDiagnostics(const Analysis& analysis, DiagnosticCode code);

}  // namespace alloclens
