// SPDX-License-Identifier: GPL-3.0-or-later
//
// The commands that write one report of a file: summary, findings, events, addresses, mesh, guards.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/terminal.h"
#include "core/base/replace_file.h"
#include "core/report/report.h"
#include "core/triage/triage.h"
#include "importers/importer.h"

namespace alloclens::cli {
namespace {

struct ReportOptions {
    std::string subject;
    SourceOptions source;
    std::vector<std::string> formats;
    bool json = false;
    std::string filter;
    std::vector<std::string> failOn;
    std::string baseline;
    std::string suppressions;
    std::string output;
    std::string sort;
    std::size_t limit = 0;
};

std::string outputFormatsOf(const std::string& subject) {
    std::string names;
    for (const Report& report : reports()) {
        if (report.subject == subject) names += (names.empty() ? "" : ", ") + std::string(report.format);
    }
    return names;
}

/// Sorts the values of --format: "--format json --format server-log" -> report json, input server-log. Report and input
/// formats never share a name.
Result<std::string> chooseFormat(ReportOptions& options) {
    std::string chosen = options.json ? "json" : "text";
    for (const std::string& format : options.formats) {
        const auto importer = std::find_if(importers().begin(), importers().end(),
                                           [&format](ImporterEntry entry) { return entry().name == format; });
        if (findReport(options.subject, format) != nullptr) {
            chosen = format;
        } else if (importer != importers().end()) {
            options.source.inputFormat = format;
        } else {
            return Error{ErrorKind::Usage, fmt::format("'{}' is not a format of {}", format, options.subject),
                         "--format",
                         fmt::format("Formats: {}. ('alloclens-cli formats' lists the formats of input.)",
                                     outputFormatsOf(options.subject))};
        }
    }
    return chosen;
}

/// {"leak", "double-free"} -> those two kinds. Errors (Usage): another name.
Result<KindSet> parseKinds(const std::vector<std::string>& names) {
    KindSet kinds = 0;
    for (const std::string& name : names) {
        const auto kind = findingKindFromName(name);
        if (!kind) {
            std::string known;
            for (const FindingKindInfo& info : findingKinds())
                known += (known.empty() ? "" : ", ") + std::string(info.name);
            return Error{ErrorKind::Usage, fmt::format("'{}' is not a kind of finding", name), "--fail-on",
                         fmt::format("Kinds are: {}.", known)};
        }
        kinds |= kindBit(static_cast<std::uint8_t>(*kind));
    }
    return kinds;
}

/// Both files are read before the log, so that a mistake in one shows at once.
struct Known {
    std::optional<Baseline> baseline;
    std::vector<Suppression> suppressions;
};

Result<Known> readKnown(const ReportOptions& options) {
    Known known;
    if (!options.baseline.empty()) {
        constexpr std::size_t kMostBytes = std::size_t{1} << 30;
        const auto text = readWhole(options.baseline, kMostBytes, "docs/triage.md describes baselines.");
        if (!text) return text.error();
        auto baseline = Baseline::parse(*text, options.baseline);
        if (!baseline) return baseline.error();
        known.baseline = std::move(*baseline);
    }
    if (!options.suppressions.empty()) {
        constexpr std::size_t kMostBytes = std::size_t{16} << 20;
        const auto text = readWhole(options.suppressions, kMostBytes, "docs/triage.md describes suppressions.");
        if (!text) return text.error();
        auto suppressions = parseSuppressions(*text, options.suppressions);
        if (!suppressions) return suppressions.error();
        known.suppressions = std::move(*suppressions);
    }
    return known;
}

bool hasFindingOf(const Session& session, const std::optional<Triage>& news, KindSet kinds) {
    const auto& rows = session.analysis->findings.rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool isShown = (!session.filter || session.filter->findings[i]) && (!news || news->shown[i] != 0);
        if (isShown && (kinds & kindBit(rows[i].kind)) != 0) return true;
    }
    return false;
}

int run(ReportOptions& options) {
    const auto format = chooseFormat(options);
    if (!format) return fail(format.error());
    const auto failOn = parseKinds(options.failOn);
    if (!failOn) return fail(failOn.error());
    InputFiles inputs = options.source.inputs();
    if (!options.baseline.empty()) inputs.add(options.baseline, "the baseline");
    if (!options.suppressions.empty()) inputs.add(options.suppressions, "the list of suppressions");
    if (const auto possible = checkOutput(options.output, inputs); !possible) return fail(possible.error());
    const auto known = readKnown(options);
    if (!known) return fail(known.error());
    auto outcome = openSession(options.source, options.filter);
    if (!outcome.session) return outcome.exitStatus;
    const Session& session = *outcome.session;
    std::optional<Triage> news;
    if (!options.baseline.empty() || !options.suppressions.empty())
        news = triage(*session.analysis, known->baseline, known->suppressions, today());

    ReportInput input;
    input.analysis = session.analysis.get();
    input.filter = session.filter ? &*session.filter : nullptr;
    input.filterText = session.filter ? options.filter : std::string();
    input.triage = news ? &*news : nullptr;
    input.colour = options.output.empty() && outputTakesColour();
    input.limit = options.limit;
    input.sortColumn = options.sort;
    const Report* report = findReport(options.subject, *format);
    const auto written = writeOutput(options.output, inputs,
                                     [&](std::ostream& out) { return report->write(input, out); });
    if (!written) return fail(written.error());
    if (news) {
        for (const std::string& sentence : staleSuppressions(*news)) note(sentence);
    }
    if (hasFindingOf(session, news, *failOn)) return kFailedOn;
    return *failOn == 0 ? kDone : statusOfNone(*session.analysis);
}

CLI::App& addCommand(CLI::App& app, Action& action, const std::string& subject, const std::string& description) {
    auto options = std::make_shared<ReportOptions>();
    options->subject = subject;
    CLI::App& command = *app.add_subcommand(subject, description);
    options->source.addTo(command);
    command.add_option("--format", options->formats, "Format of the output: " + outputFormatsOf(subject))
        ->type_name("NAME")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command.add_option("--output", options->output, "Write to this file, whole or not at all")->type_name("FILE");
    if (subject == "summary") {
        command.add_flag("--json", options->json, "The same as --format json");
    } else {
        command.add_option("--filter", options->filter, "Show only what matches: device:4 kind:double-free ...")
            ->type_name("EXPR");
        command
            .add_option("--limit", options->limit,
                        subject == "findings" ? "Show at most N findings (as text: N of each kind)"
                                              : "Show at most N rows")
            ->type_name("N");
    }
    if (subject == "findings") {
        command.add_option("--fail-on", options->failOn, "Exit with status 1 if there are findings of these kinds")
            ->type_name("KIND,...")
            ->delimiter(',');
        command
            .add_option("--baseline", options->baseline,
                        "Leave out the findings in this file: findings as JSON, or a list of their ids")
            ->type_name("FILE");
        command
            .add_option("--suppressions", options->suppressions,
                        "Leave out the clusters in this file: signatures, each with a reason and an expiry date")
            ->type_name("FILE");
    }
    if (subject == "addresses") {
        command.add_option("--sort", options->sort, "Sort by this column, such as refusedFrees")->type_name("COLUMN");
    }
    command.callback([&action, options] { action = [options] { return run(*options); }; });
    return command;
}

}  // namespace

void addReportCommands(CLI::App& app, Action& action) {
    addCommand(app, action, "summary", "Counts of events, addresses, findings and devices")
        .footer("Example:\n  alloclens-cli summary server.log --json");
    addCommand(app, action, "findings", "What went wrong, with the lines that prove it")
        .footer("Examples:\n"
                "  alloclens-cli findings server.log\n"
                "  alloclens-cli findings server.log --filter 'device:4 kind:double-free' --format csv\n"
                "  alloclens-cli findings server.log --fail-on double-free,leak --output findings.json --format json\n"
                "  alloclens-cli findings server.log --baseline findings.json --fail-on double-free");
    addCommand(app, action, "events", "Every allocation, free and sweep")
        .footer("Example:\n  alloclens-cli events server.log --filter 'address:0x296dd000 device:4'");
    addCommand(app, action, "addresses", "Every address: allocations, frees, refused frees, balance, lifecycle")
        .footer("Example:\n  alloclens-cli addresses server.log --sort refusedFrees --limit 20");
    addCommand(app, action, "mesh", "Which devices run in step, and where one of them does not")
        .footer("Example:\n  alloclens-cli mesh server.log --limit 20");
    addCommand(app, action, "guards", "What guards against double frees would silence, hide and break")
        .footer("Example:\n  alloclens-cli guards server.log --format json");
}

}  // namespace alloclens::cli
