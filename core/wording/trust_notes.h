// SPDX-License-Identifier: GPL-3.0-or-later
//
// What users must know about a log before they believe a report: much of it is lost, its lines are out of order or of
// several servers, or the server could not read its clients' messages. Mostly empty. Pure; any thread may call.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

#include "core/analysis/analysis.h"

namespace alloclens {

/// Says that a search of the log proves nothing, and why: how much is lost, where that begins, and what to do. Empty
/// unless Trust::isTooDamaged.
[[nodiscard]] std::string damageSentence(const Analysis& analysis);

/// One sentence for the damage and for each other doubt.
[[nodiscard]] std::vector<std::string> trustNotes(const Analysis& analysis);

/// The same as JSON, with the numbers.
[[nodiscard]] nlohmann::ordered_json trustJson(const Analysis& analysis);

/// Counts the diagnostics of a code: the trace's and those that the analysis added.
[[nodiscard]] std::uint64_t countDiagnostics(const Analysis& analysis, DiagnosticCode code);

}  // namespace alloclens
