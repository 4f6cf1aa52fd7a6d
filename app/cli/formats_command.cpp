// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <ostream>

#include "app/cli/command.h"
#include "app/cli/session.h"
#include "importers/importer.h"

namespace alloclens::cli {

void addFormatsCommand(CLI::App& app, Action& action) {
    CLI::App& command = *app.add_subcommand("formats", "The formats that AllocLens reads");
    command.footer("Example:\n  alloclens-cli formats");
    command.callback([&action] {
        action = [] {
            const auto written = writeOutput({}, {}, [](std::ostream& out) {
                for (const ImporterEntry entry : importers()) {
                    const Importer& importer = entry();
                    out << fmt::format("{:<14}{}: {}\n", importer.name, importer.title, importer.description);
                }
                out << "\nA file is recognised by its content. gzip, zstd, xz, bzip2 and lz4 are unpacked; - is "
                       "standard "
                       "input.\n";
                return Result<void>();
            });
            return written ? static_cast<int>(kDone) : fail(written.error());
        };
    });
}

}  // namespace alloclens::cli
