// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes a comparison of two runs: text for people, JSON for programs, Markdown for change requests, HTML as a page of
// its own. Pure but for the stream; any thread may call.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "core/compare/compare.h"

namespace alloclens {

/// Explains a state in a clause: "in the second run only".
[[nodiscard]] std::string_view clusterStateHelp(ClusterState state);
/// Describes a compared cluster by the largest cluster of its signature, in the second run if it is there, and counts
/// the others.
[[nodiscard]] std::string comparedSentence(const ComparedCluster& cluster);
/// For a cluster that is gone: "12 lifetimes of its memories and sizes in the second run, 938 in the first". Empty for
/// others.
[[nodiscard]] std::string exerciseSentence(const ComparedCluster& cluster);

struct ComparisonInput {
    const Comparison* comparison = nullptr;
    const Analysis* before = nullptr;
    const Analysis* after = nullptr;
    bool colour = false;
};

/// Writes a page that needs no other file.
void writeComparisonHtml(const ComparisonInput& input, std::ostream& out);

using WriteComparison = void (*)(const ComparisonInput& input, std::ostream& out);
/// The writer of "text", "json", "markdown" or "html"; null for other names.
[[nodiscard]] WriteComparison findComparisonWriter(std::string_view format);

}  // namespace alloclens
