// SPDX-License-Identifier: GPL-3.0-or-later
//
// The commands of alloclens-cli. A command adds itself to the parser; the one that was named runs after parsing and
// gives the exit status. One file a command, or a family of commands.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace alloclens::cli {

/// What scripts rely on.
enum ExitStatus : int {
    kDone = 0,
    kFailedOn = 1,    ///< findings of the kinds of --fail-on
    kUsage = 2,       ///< the command line is wrong
    kUnreadable = 3,  ///< the input cannot be read or is no known format, or the output cannot be written
    kTooDamaged = 4,  ///< too much of the log is lost to say that nothing of --fail-on is in it
};

/// Set by the command that was named; run by main.
using Action = std::function<int()>;

void addReportCommands(CLI::App& app, Action& action);
void addHistoryCommand(CLI::App& app, Action& action);
void addCompareCommand(CLI::App& app, Action& action);
void addConvertCommand(CLI::App& app, Action& action);
void addFormatsCommand(CLI::App& app, Action& action);
void addLedgerCommand(CLI::App& app, Action& action);
void addRecordCommand(CLI::App& app, Action& action);

}  // namespace alloclens::cli
