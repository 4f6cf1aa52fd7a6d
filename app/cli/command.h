// SPDX-License-Identifier: GPL-3.0-or-later
//
// The commands of alloclens-cli. Each add function adds its command to the parser and sets `action` when that command
// is on the command line. main runs the action after parsing; it returns the exit status. One file for each command or
// family.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace alloclens::cli {

/// Scripts rely on these numbers.
enum ExitStatus : int {
    kDone = 0,
    kFailedOn = 1,    ///< findings of the kinds in --fail-on
    kUsage = 2,       ///< the command line is wrong
    kUnreadable = 3,  ///< the input cannot be read or has an unknown format, or the output cannot be written
    kTooDamaged = 4,  ///< none of --fail-on was found, but too much of the log is lost to be sure
};

/// What the command line asks for.
using Action = std::function<int()>;

/// summary, findings, events, addresses, mesh and guards.
void addReportCommands(CLI::App& app, Action& action);
void addHistoryCommand(CLI::App& app, Action& action);
void addCompareCommand(CLI::App& app, Action& action);
void addConvertCommand(CLI::App& app, Action& action);
void addFormatsCommand(CLI::App& app, Action& action);
void addLedgerCommand(CLI::App& app, Action& action);
void addRecordCommand(CLI::App& app, Action& action);

}  // namespace alloclens::cli
