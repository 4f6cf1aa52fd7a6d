// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <ostream>

#include "core/base/units.h"
#include "core/report/comparison.h"
#include "core/report/markup.h"

namespace alloclens {

void writeComparisonHtml(const ComparisonInput& input, std::ostream& out) {
    const Comparison& comparison = *input.comparison;
    writePageHead("Two runs compared", out);
    out << fmt::format("<table>\n<tr><th>before</th><td>{}</td></tr>\n<tr><th>after</th><td>{}</td></tr>\n</table>\n",
                       htmlText(input.before->trace->source->path()), htmlText(input.after->trace->source->path()));
    if (comparison.clusters.empty()) out << "<p>No findings in either run.</p>\n";
    const ComparedCluster* last = nullptr;
    for (const ComparedCluster& cluster : comparison.clusters) {
        if (last == nullptr || last->state != cluster.state) {
            if (last != nullptr) out << "</table>\n";
            const std::uint64_t count = comparison.countOf[static_cast<std::size_t>(cluster.state)];
            out << fmt::format("<h2>{}: {}</h2>\n<p class=\"soft\">{}</p>\n<table>\n", clusterStateName(cluster.state),
                               formatQuantity(count, "cluster"), htmlText(clusterStateHelp(cluster.state)))
                << "<tr><th class=\"number\">before</th><th class=\"number\">after</th><th>kind</th>"
                   "<th>what happened</th></tr>\n";
        }
        last = &cluster;
        out << fmt::format(
            "<tr><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"kind {}\">{}</td><td>{}",
            formatCount(cluster.before.count), formatCount(cluster.after.count),
            kindInfo(cluster.kind).severity == Severity::Error ? "bad" : "", kindInfo(cluster.kind).name,
            htmlText(comparedSentence(cluster)));
        if (const std::string text = exerciseSentence(cluster); !text.empty())
            out << "<br><span class=\"soft\">" << htmlText(text) << "</span>";
        out << "</td></tr>\n";
    }
    if (last != nullptr) out << "</table>\n";
    writePageEnd(out);
}

}  // namespace alloclens
