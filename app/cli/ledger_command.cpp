// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/terminal.h"
#include "core/base/replace_file.h"
#include "core/report/claims_report.h"
#include "core/report/report.h"

namespace alloclens::cli {
namespace {

struct LedgerOptions {
    SourceOptions source;
    std::string format = "text";
    std::string claims;
    std::size_t limit = 0;
    std::string output;
};

int runClaims(const LedgerOptions& options) {
    constexpr std::size_t kMostBytes = std::size_t{16} << 20;
    InputFiles inputs;
    inputs.add(options.claims, "the claims");
    if (const auto possible = checkOutput(options.output, inputs); !possible) return fail(possible.error());
    const auto text = readWhole(options.claims, kMostBytes,
                                "Claims are a small JSON file; docs/ledger.md describes it.");
    if (!text) return fail(text.error());
    const auto claims = parseClaims(*text);
    if (!claims) return fail(claims.error());
    const auto verdicts = judgeClaims(*claims);
    const auto written = writeOutput(options.output, inputs, [&](std::ostream& out) {
        return writeClaims(options.claims, verdicts, options.format, out);
    });
    return written ? kDone : fail(written.error());
}

int run(const LedgerOptions& options) {
    if (!options.claims.empty()) {
        if (options.source.paths.empty()) return runClaims(options);
        return fail({ErrorKind::Usage, "reads a log or claims, not both", "ledger", {}});
    }
    if (options.source.paths.empty()) {
        return fail({ErrorKind::Usage, "needs a log, or claims", "ledger", "Run with --help for more information."});
    }
    const InputFiles inputs = options.source.inputs();
    if (const auto possible = checkOutput(options.output, inputs); !possible) return fail(possible.error());
    const auto outcome = openSession(options.source, {});
    if (!outcome.session) return outcome.exitStatus;
    const Analysis& analysis = *outcome.session->analysis;
    ReportInput input;
    input.analysis = &analysis;
    input.colour = options.output.empty() && outputTakesColour();
    input.limit = options.limit;
    const Report* report = findReport("ledger", options.format);
    const auto written = writeOutput(options.output, inputs,
                                     [&](std::ostream& out) { return report->write(input, out); });
    return written ? kDone : fail(written.error());
}

}  // namespace

void addLedgerCommand(CLI::App& app, Action& action) {
    auto options = std::make_shared<LedgerOptions>();
    CLI::App& command = *app.add_subcommand("ledger",
                                            "How far the log can be trusted: compares its own sums with the replay");
    options->source.addTo(command);
    command.add_option("--format", options->format, "Format of the output: text, json")
        ->type_name("NAME")
        ->check(CLI::IsMember({"text", "json"}));
    command.add_flag_callback(
        "--json", [options] { options->format = "json"; }, "The same as --format json");
    command.get_option("FILE")->required(false);
    command
        .add_option("--claims", options->claims,
                    "Instead of a log: check whether published figures, as JSON, agree with each other")
        ->type_name("FILE");
    command.add_option("--limit", options->limit, "List at most N failed checks")->type_name("N");
    command.add_option("--output", options->output, "Write to this file, whole or not at all")->type_name("FILE");
    command.footer("Examples:\n  alloclens-cli ledger server.log\n  alloclens-cli ledger --claims figures.json");
    command.callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace alloclens::cli
