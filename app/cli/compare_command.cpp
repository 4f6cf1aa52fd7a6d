// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/terminal.h"
#include "core/base/replace_file.h"
#include "core/report/comparison.h"
#include "importers/read_files.h"

namespace alloclens::cli {
namespace {

struct CompareOptions {
    SourceOptions before;
    std::string after;
    std::string format = "text";
    std::string output;
    std::vector<std::string> failOn;
};

int run(const CompareOptions& options) {
    InputFiles inputs = options.before.inputs("the first run");
    addReadFiles(inputs, options.after, "the second run");
    if (const auto possible = checkOutput(options.output, inputs); !possible) return fail(possible.error());
    SessionOutcome before = openSession(options.before, {});
    if (!before.session) return before.exitStatus;
    SourceOptions second = options.before;
    second.paths = {options.after};
    SessionOutcome after = openSession(second, {});
    if (!after.session) return after.exitStatus;
    ProgressLine progress;
    const auto comparison = compareRuns(*before.session->analysis, *after.session->analysis, progress.task());
    if (!comparison) return fail(comparison.error());

    ComparisonInput input;
    input.comparison = &*comparison;
    input.before = before.session->analysis.get();
    input.after = after.session->analysis.get();
    input.colour = options.output.empty() && outputTakesColour();
    const auto written = writeOutput(options.output, inputs, [&](std::ostream& out) -> Result<void> {
        findComparisonWriter(options.format)(input, out);
        return {};
    });
    if (!written) return fail(written.error());
    const bool isFailure = std::any_of(
        comparison->clusters.begin(), comparison->clusters.end(), [&](const ComparedCluster& cluster) {
            // A buffer that is open where a log stops early is not a fault.
            if (static_cast<FindingKind>(cluster.kind) == FindingKind::OpenAtEnd) return false;
            const auto name = clusterStateName(cluster.state);
            return std::find(options.failOn.begin(), options.failOn.end(), name) != options.failOn.end();
        });
    if (isFailure) return kFailedOn;
    if (options.failOn.empty()) return kDone;
    // New clusters show in the second run, fixed ones are missing from it: it has to be complete either way.
    const int ofBefore = statusOfNone(*before.session->analysis);
    const int ofAfter = statusOfNone(*after.session->analysis);
    return std::max(ofBefore, ofAfter);
}

}  // namespace

void addCompareCommand(CLI::App& app, Action& action) {
    auto options = std::make_shared<CompareOptions>();
    CLI::App& command = *app.add_subcommand("compare", "What changed from one run to another");
    options->before.addOneTo(command, "BEFORE", "The first run");
    command.add_option("AFTER", options->after, "The second run")->required();
    command.add_option("--format", options->format, "Format of the output: text, json, markdown, html")
        ->type_name("NAME")
        ->check(CLI::IsMember({"text", "json", "markdown", "html"}));
    command.add_option("--output", options->output, "Write to this file, whole or not at all")->type_name("FILE");
    command
        .add_option("--fail-on", options->failOn,
                    "Exit with status 1 if there are clusters of these states: new, changed, same, fixed, "
                    "not-exercised")
        ->type_name("STATE,...")
        ->delimiter(',')
        ->check(CLI::IsMember({"new", "changed", "same", "fixed", "not-exercised"}));
    command.footer("Examples:\n"
                   "  alloclens-cli compare before.log after.log\n"
                   "  alloclens-cli compare before.alens after.alens --fail-on new,changed --format markdown");
    command.callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace alloclens::cli
