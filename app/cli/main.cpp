// SPDX-License-Identifier: GPL-3.0-or-later
//
// alloclens-cli: what the window shows, with no display. Results on standard output, all else on standard error.
#include <CLI/CLI.hpp>

#include <clocale>
#include <csignal>

#include "app/cli/command.h"
#include "core/base/descriptors.h"

int main(int argc, char** argv) {
    using namespace alloclens::cli;
    std::signal(SIGXFSZ, SIG_IGN);  // a write beyond a size limit is an error to report, not a reason to die
    alloclens::raiseDescriptorLimit();
    CLI::App app("AllocLens: reads logs of a device-memory allocation tracker and shows what went wrong",
                 "alloclens-cli");
    app.set_version_flag("--version", "alloclens-cli " ALLOCLENS_VERSION);
    app.require_subcommand(1);
    app.failure_message(CLI::FailureMessage::simple);
    app.footer(
        "Examples:\n"
        "  alloclens-cli findings server.log\n"
        "  alloclens-cli history server.log --device 4 --address 695055872\n"
        "  zcat server.log.gz | alloclens-cli summary - --json\n"
        "  alloclens-cli record run.alens\n\n"
        "Exit status: 0 done, 1 findings of --fail-on, 2 wrong command line, 3 unreadable input or unwritable output.");
    Action action;
    addReportCommands(app, action);
    addHistoryCommand(app, action);
    addLedgerCommand(app, action);
    addCompareCommand(app, action);
    addConvertCommand(app, action);
    addFormatsCommand(app, action);
    addRecordCommand(app, action);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        app.exit(error);
        return kUsage;
    }
    return action();
}
