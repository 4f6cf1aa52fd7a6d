// SPDX-License-Identifier: GPL-3.0-or-later
//
// Memory that is not there ends every command with a sentence, at whatever point it runs out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/generator/generator.h"
#include "tests/unit/app/cli/run_cli.h"
#include "tests/unit/support/log_fixture.h"

namespace alloclens::test {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

TEST(CliMemory, RunsOutWithASentenceInEveryCommand) {
    CliOptions options;
    options.memoryLimit = std::uint64_t{64} << 20;
    if (runCli({"--version"}, options).status != 0) GTEST_SKIP() << "it does not even start, as with a sanitizer";
    const TemporaryFile file(generator::generate({.events = 40'000}).log);
    const std::vector<std::vector<std::string>> commands = {
        {"summary", file.path()},
        {"findings", file.path()},
        {"findings", file.path(), "--format", "json"},
        {"events", file.path(), "--format", "csv"},
        {"addresses", file.path(), "--sort", "unknownFrees"},
        {"mesh", file.path()},
        {"guards", file.path()},
        {"compare", file.path(), file.path()},
        {"convert", file.path(), "-", "--output-format", "alens"},
        {"findings", file.path(), "--filter", "lifecycle:/AFU/"},
    };
    constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
    for (const auto& arguments : commands) {
        for (std::uint64_t limit = 24 * kMiB; limit <= 184 * kMiB; limit += 40 * kMiB) {
            options.memoryLimit = limit;
            const CliResult result = runCli(arguments, options);
            if (result.status == 0 || result.status == 127) continue;  // it was enough, or not enough to start
            EXPECT_EQ(result.status, 3) << arguments.front() << " with " << limit << ": " << result.errors;
            EXPECT_THAT(result.errors, AnyOf(HasSubstr("memory"), HasSubstr("threads"), HasSubstr("refuses")));
        }
    }
}

}  // namespace
}  // namespace alloclens::test
