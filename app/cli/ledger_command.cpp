// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/terminal.h"
#include "core/ledger/ledger.h"
#include "core/report/report.h"

namespace alloclens::cli {
namespace {

struct LedgerOptions {
    SourceOptions source;
    std::string format = "text";
    std::size_t limit = 0;
    std::string output;
};

int run(const LedgerOptions& options) {
    const auto outcome = openSession(options.source, {});
    if (!outcome.session) return outcome.exitStatus;
    const Analysis& analysis = *outcome.session->analysis;
    ProgressLine progress;
    const auto ledger = makeLedger(analysis, progress.task());
    if (!ledger) return fail(ledger.error());
    ReportInput input;
    input.analysis = &analysis;
    input.ledger = &*ledger;
    input.colour = options.output.empty() && outputTakesColour();
    input.limit = options.limit;
    const Report* report = findReport("ledger", options.format);
    const auto written = writeOutput(options.output, [&](std::ostream& out) { return report->write(input, out); });
    return written ? kDone : fail(written.error());
}

}  // namespace

void addLedgerCommand(CLI::App& app, Action& action) {
    auto options = std::make_shared<LedgerOptions>();
    CLI::App& command = *app.add_subcommand("ledger",
                                            "How far the log can be trusted: its own sums against the replay");
    options->source.addTo(command);
    command.add_option("--format", options->format, "Format of the output: text, json")
        ->type_name("NAME")
        ->check(CLI::IsMember({"text", "json"}));
    command.add_flag_callback(
        "--json", [options] { options->format = "json"; }, "The same as --format json");
    command.add_option("--limit", options->limit, "List at most so many checks that fail")->type_name("N");
    command.add_option("--output", options->output, "Write to this file, whole or not at all")->type_name("FILE");
    command.footer("Example:\n  alloclens-cli ledger server.log");
    command.callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace alloclens::cli
