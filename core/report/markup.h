// SPDX-License-Identifier: GPL-3.0-or-later
//
// What reports as Markdown and HTML share: texts that cannot break the form around them, the frame of a page that needs
// no other file, and findings sorted into their clusters.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "core/report/report.h"

namespace alloclens {

/// Text for a cell of a Markdown table: no character of it has a meaning of its own, and it stays on its line.
[[nodiscard]] std::string markdownText(std::string_view text);
/// Code in a Markdown text or cell: "`a | b`", with as many backquotes around it as it takes.
[[nodiscard]] std::string markdownCode(std::string_view text);
/// Text for HTML, in elements and in attributes. Bytes that are no UTF-8 are replaced.
[[nodiscard]] std::string htmlText(std::string_view text);

/// Head and end of a page. Its style is in it; it is light or dark as its reader's screen is, and prints.
void writePageHead(std::string_view title, std::ostream& out);
void writePageEnd(std::ostream& out);

/// A cluster and its findings that are shown, in their order.
struct ShownCluster {
    ClusterId id;
    std::vector<FindingId> findings;
};
/// The clusters that have findings to show, in their order: by kind, then the largest first.
[[nodiscard]] std::vector<ShownCluster> clustersShown(const ReportInput& input);
/// "14,958 to 16,102", or the one line.
[[nodiscard]] std::string linesText(const Cluster& cluster);
/// How many findings of each cluster are shown in full: the limit, or a few.
[[nodiscard]] std::size_t examplesOf(const ShownCluster& cluster, const ReportInput& input);
/// What is not shown, of whom: ", the baseline knows 4, the filter hides 2".
[[nodiscard]] std::string hiddenClauses(const ReportInput& input, std::size_t shown);
/// "12 findings in 3 clusters, the baseline knows 4, the filter hides 2".
[[nodiscard]] std::string totalSentence(const ReportInput& input, std::size_t shown, std::size_t clusters);

}  // namespace alloclens
