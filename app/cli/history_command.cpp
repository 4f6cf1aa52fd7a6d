// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/terminal.h"
#include "core/base/replace_file.h"
#include "core/base/units.h"
#include "core/report/report.h"

namespace alloclens::cli {
namespace {

struct HistoryOptions {
    SourceOptions source;
    std::int32_t device = 0;
    std::string address;
    std::string format = "text";
    std::string output;
};

int run(const HistoryOptions& options) {
    const auto address = parseUnsigned(options.address);
    if (!address) {
        return fail({ErrorKind::Usage, fmt::format("'{}' is not an address", options.address), "--address",
                     "Write it as 695055872 or 0x296db600."});
    }
    if (options.format != "text" && options.format != "json") {
        return fail({ErrorKind::Usage, fmt::format("'{}' is not a format of history", options.format), "--format",
                     "Formats: text, json."});
    }
    const InputFiles inputs = options.source.inputs();
    if (const auto possible = checkOutput(options.output, inputs); !possible) return fail(possible.error());
    const auto outcome = openSession(options.source, {});
    if (!outcome.session) return outcome.exitStatus;
    const Analysis& analysis = *outcome.session->analysis;
    const AddressId id = analysis.trace->findAddress({options.device, *address});
    if (!id.isValid()) {
        return fail({ErrorKind::Usage, fmt::format("has no event of {} on device {}", options.address, options.device),
                     analysis.trace->source->path(), "'alloclens-cli addresses' lists its addresses."});
    }
    ReportInput input;
    input.analysis = &analysis;
    input.colour = options.output.empty() && outputTakesColour();
    const auto written = writeOutput(options.output, inputs,
                                     [&](std::ostream& out) { return writeHistory(input, id, options.format, out); });
    return written ? kDone : fail(written.error());
}

}  // namespace

void addHistoryCommand(CLI::App& app, Action& action) {
    auto options = std::make_shared<HistoryOptions>();
    CLI::App& command = *app.add_subcommand("history", "The whole story of one address: lifetimes and verbatim lines");
    options->source.addTo(command);
    command.add_option("--device", options->device, "The device")->required()->type_name("D");
    command.add_option("--address", options->address, "The address, decimal or hexadecimal")
        ->required()
        ->type_name("A");
    command.add_option("--format", options->format, "Format of the output: text, json")->type_name("NAME");
    command.add_option("--output", options->output, "Write to this file, whole or not at all")->type_name("FILE");
    command.footer("Example:\n  alloclens-cli history server.log --device 4 --address 695055872");
    command.callback([&action, options] { action = [options] { return run(*options); }; });
}

}  // namespace alloclens::cli
