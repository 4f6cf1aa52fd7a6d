// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/markup.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "core/base/showable.h"
#include "core/base/units.h"
#include "core/report/parts.h"

namespace alloclens {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --back: #ffffff; --field: #f6f8fa;
        --bad: #b3400c;
        --link: #0a5cad; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --back: #151b23; --field: #212830; --bad: #ff9466;
          --link: #7cb7ff; } }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: var(--ink); background: var(--back);
       font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
a { color: var(--link); }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; } td.number, th.number { text-align: right; white-space: nowrap; }
td.kind { white-space: nowrap; }
.soft { color: var(--soft); } .bad { color: var(--bad); font-weight: 600; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .6rem 0; padding: .4rem .8rem; }
summary { cursor: pointer; } .finding { margin: .8rem 0; }
pre { background: var(--field); padding: .6rem .8rem; border-radius: 6px; overflow-x: auto; margin: .3rem 0; }
@media print { details { border: 0; } pre { white-space: pre-wrap; } }
)";

std::string onOneLine(std::string_view text) {
    std::string line(text);
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return showable(line);
}

}  // namespace

std::string markdownText(std::string_view text) {
    std::string escaped;
    for (const char c : onOneLine(text)) {
        if (std::string_view("\\`*_{}[]<>#|~&").find(c) != std::string_view::npos) escaped += '\\';
        escaped += c;
    }
    return escaped;
}

std::string markdownCode(std::string_view text) {
    std::size_t longest = 0;
    std::size_t run = 0;
    std::string code;
    for (const char c : onOneLine(text)) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
        if (c == '|') code += '\\';  // it ends a cell even within code
        code += c;
    }
    const std::string fence(longest + 1, '`');
    return longest == 0 ? fence + code + fence : fmt::format("{} {} {}", fence, code, fence);
}

std::string htmlText(std::string_view text) {
    std::string escaped;
    for (const char c : showableLines(text)) {
        switch (c) {
        case '&': escaped += "&amp;"; break;
        case '<': escaped += "&lt;"; break;
        case '>': escaped += "&gt;"; break;
        case '"': escaped += "&quot;"; break;
        case '\'': escaped += "&#39;"; break;
        default: escaped += c;
        }
    }
    return escaped;
}

void writePageHead(std::string_view title, std::ostream& out) {
    out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" << htmlText(title)
        << "</title>\n<style>" << kStyle << "</style>\n</head>\n<body>\n<h1>" << htmlText(title) << "</h1>\n";
}

void writePageEnd(std::ostream& out) { out << "</body>\n</html>\n"; }

std::vector<ShownCluster> clustersShown(const ReportInput& input) {
    const Findings& findings = input.analysis->findings;
    std::vector<ShownCluster> all(findings.clusters.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i].id = ClusterId(i);
    for (const std::uint32_t row : findingsShown(input, 0))
        all[findings.rows[row].cluster.index()].findings.emplace_back(row);
    all.erase(std::remove_if(all.begin(), all.end(), [](const ShownCluster& of) { return of.findings.empty(); }),
              all.end());
    return all;
}

std::string linesText(const Cluster& cluster) {
    if (cluster.firstLine == cluster.lastLine) return formatCount(cluster.firstLine);
    return fmt::format("{} to {}", formatCount(cluster.firstLine), formatCount(cluster.lastLine));
}

std::size_t examplesOf(const ShownCluster& cluster, const ReportInput& input) {
    constexpr std::size_t kFew = 3;
    return std::min(cluster.findings.size(), input.limit > 0 ? input.limit : kFew);
}

std::string hiddenClauses(const ReportInput& input, std::size_t shown) {
    const std::size_t total = input.analysis->findings.rows.size();
    const std::uint64_t known = input.triage != nullptr ? input.triage->known : 0;
    const std::uint64_t suppressed = input.triage != nullptr ? input.triage->suppressed : 0;
    const std::uint64_t filtered = total - known - suppressed - shown;
    std::string text;
    if (known > 0) text += fmt::format(", the baseline knows {}", formatCount(known));
    if (suppressed > 0) text += fmt::format(", suppressions hide {}", formatCount(suppressed));
    if (filtered > 0) text += fmt::format(", the filter hides {}", formatCount(filtered));
    return text;
}

std::string totalSentence(const ReportInput& input, std::size_t shown, std::size_t clusters) {
    std::string text = formatQuantity(shown, "finding");
    if (clusters > 0) text += fmt::format(" in {}", formatQuantity(clusters, "cluster"));
    return text + hiddenClauses(input, shown);
}

}  // namespace alloclens
