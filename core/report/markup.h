// SPDX-License-Identifier: GPL-3.0-or-later
//
// What Markdown and HTML reports share: escaped texts, the frame of a page that needs no other file, and findings
// sorted into clusters. Pure; any thread may call.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "core/report/report.h"

namespace alloclens {

/// Escapes text for a Markdown table cell, on one line: "a|b" -> "a\|b".
[[nodiscard]] std::string markdownText(std::string_view text);
/// Formats code for Markdown text or cells: "`a | b`", with more backquotes if the text contains some.
[[nodiscard]] std::string markdownCode(std::string_view text);
/// Escapes text for HTML elements and attributes: "a<b" -> "a&lt;b". Replaces invalid UTF-8.
[[nodiscard]] std::string htmlText(std::string_view text);

/// Write the begin and the end of a page. The page contains its style, follows the reader's light or dark theme, and
/// prints.
void writePageHead(std::string_view title, std::ostream& out);
void writePageEnd(std::ostream& out);

/// A cluster and its shown findings, in their order.
struct ShownCluster {
    ClusterId id;
    std::vector<FindingId> findings;
};
/// The clusters with findings to show, by kind, then by size.
[[nodiscard]] std::vector<ShownCluster> clustersShown(const ReportInput& input);
/// "14,958 to 16,102", or "14,958" if all findings are on one line.
[[nodiscard]] std::string linesText(const Cluster& cluster);
/// How many findings of a cluster to show in full: input.limit, or 3 if it is 0.
[[nodiscard]] std::size_t examplesOf(const ShownCluster& cluster, const ReportInput& input);
/// Who hides how many findings: ", the baseline knows 4, the filter hides 2". Empty if none is hidden.
[[nodiscard]] std::string hiddenClauses(const ReportInput& input, std::size_t shown);
/// "12 findings in 3 clusters, the baseline knows 4, the filter hides 2".
[[nodiscard]] std::string totalSentence(const ReportInput& input, std::size_t shown, std::size_t clusters);

}  // namespace alloclens
