// SPDX-License-Identifier: GPL-3.0-or-later
//
// alloclens-cli: what the window shows, without a display. Results go to standard output, all else to standard error.
#include <CLI/CLI.hpp>

#include <csignal>
#include <exception>
#include <new>
#include <sstream>
#include <system_error>

#include "app/cli/command.h"
#include "app/cli/session.h"
#include "core/base/descriptors.h"
#include "core/base/showable.h"
#include "core/base/standard_streams.h"

namespace alloclens::cli {
namespace {

int run(int argc, char** argv) {
    CLI::App app("AllocLens reads logs of a device-memory allocation tracker and shows what went wrong",
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
        "Exit status: 0 done, 1 findings of --fail-on, 2 wrong command line, 3 unreadable input or unwritable output,\n"
        "4 too much of the log is lost to rule out findings of --fail-on.");
    Action action;
    addReportCommands(app, action);
    addHistoryCommand(app, action);
    addLedgerCommand(app, action);
    addCompareCommand(app, action);
    addConvertCommand(app, action);
    addFormatsCommand(app, action);
    addRecordCommand(app, action);
    std::ostringstream output;
    std::ostringstream errors;
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& help) {
        app.exit(help, output, errors);
        const auto written = writeOutput({}, {}, [&output](std::ostream& out) {
            out << output.str();
            return Result<void>();
        });
        return written ? static_cast<int>(kDone) : fail(written.error());
    } catch (const CLI::ParseError& error) {
        app.exit(error, output, errors);
        say(showableLines(errors.str()));
        return kUsage;
    }
    return action();
}

}  // namespace
}  // namespace alloclens::cli

int main(int argc, char** argv) {
    using namespace alloclens;
    openClosedStandardStreams();
    std::signal(SIGXFSZ, SIG_IGN);  // a write beyond the size limit is an error to report
    raiseDescriptorLimit();
    // Catches what no function has. Nothing here may allocate.
    try {
        return cli::run(argc, argv);
    } catch (const std::bad_alloc&) {
        say("alloclens-cli: needs more memory than is available. Close other programs, raise the limit of memory "
            "(ulimit -v), or split the file and read its parts.\n");
    } catch (const std::system_error& error) {
        say("alloclens-cli: the system refuses: ");
        say(error.what());
        say(". Close other programs, or raise the limit of processes (ulimit -u) or of memory (ulimit -v).\n");
    } catch (const std::exception& error) {
        say("alloclens-cli: stopped by an internal error: ");
        say(error.what());
        say(". Please report it, with the command line.\n");
    }
    return cli::kUnreadable;
}
