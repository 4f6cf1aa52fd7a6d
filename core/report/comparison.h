// SPDX-License-Identifier: GPL-3.0-or-later
//
// A comparison of two runs as text for people, JSON for programs, Markdown for a change request and a page to send
// around.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "core/compare/compare.h"

namespace alloclens {

/// What a state means, as a clause: "in the second run only".
[[nodiscard]] std::string_view clusterStateHelp(ClusterState state);
/// What the cluster is, in the second run if that has it: the sentence of the largest of its signature, and how many
/// others there are.
[[nodiscard]] std::string comparedSentence(const ComparedCluster& cluster);
/// Of a cluster that is gone, whether the second run came there; else empty.
[[nodiscard]] std::string exerciseSentence(const ComparedCluster& cluster);

struct ComparisonInput {
    const Comparison* comparison = nullptr;
    const Analysis* before = nullptr;
    const Analysis* after = nullptr;
    bool colour = false;
};

/// A page that needs no other file.
void writeComparisonHtml(const ComparisonInput& input, std::ostream& out);

using WriteComparison = void (*)(const ComparisonInput& input, std::ostream& out);
/// The writer of a format: text, json, markdown, html; null for others.
[[nodiscard]] WriteComparison findComparisonWriter(std::string_view format);

}  // namespace alloclens
