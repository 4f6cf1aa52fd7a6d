// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "app/cli/command.h"
#include "importers/importer.h"

namespace alloclens::cli {

void addFormatsCommand(CLI::App& app, Action& action) {
    CLI::App& command = *app.add_subcommand("formats", "The formats that can be read");
    command.callback([&action] {
        action = [] {
            for (const ImporterEntry entry : importers()) {
                const Importer& importer = entry();
                fmt::print("{:<14}{}: {}\n", importer.name, importer.title, importer.description);
            }
            fmt::print("\nA file is recognised by its content. gzip and zstd are unpacked; - is standard input.\n");
            return static_cast<int>(kDone);
        };
    });
}

}  // namespace alloclens::cli
