// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files of settings that are something else: refused at once, with a sentence that says what they are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/app/cli/cli_folder.h"

namespace alloclens::test {
namespace {

using ::testing::HasSubstr;

class CliSettings : public CliFolder {
protected:
    [[nodiscard]] std::vector<std::vector<std::string>> commandsWith(const std::string& file) const {
        return {{"findings", log, "--baseline", file},
                {"findings", log, "--suppressions", file},
                {"ledger", "--claims", file}};
    }
};

TEST_F(CliSettings, ADirectoryIsCalledOne) {
    for (const auto& arguments : commandsWith(path(""))) {
        const CliResult result = runCli(arguments);
        EXPECT_EQ(result.status, 3);
        EXPECT_THAT(result.errors, HasSubstr("is a directory"));
    }
}

TEST_F(CliSettings, ADeviceWithoutEndIsNotReadFor) {
    CliOptions options;
    options.memoryLimit = std::uint64_t{1} << 30;  // less than it took once
    if (runCli({"--version"}, options).status != 0) GTEST_SKIP() << "it does not even start, as with a sanitizer";
    for (const auto& arguments : commandsWith("/dev/zero")) {
        const CliResult result = runCli(arguments, options);
        EXPECT_EQ(result.status, 3);
        EXPECT_THAT(result.errors, HasSubstr("/dev/zero: is not a text file"));
    }
}

TEST_F(CliSettings, BinaryFilesAreNotTakenForLists) {
    for (const auto& arguments : commandsWith(write("binary", std::string_view("\x7f"
                                                                               "ELF\0\1",
                                                                               6)))) {
        const CliResult result = runCli(arguments);
        EXPECT_EQ(result.status, 3);
        EXPECT_THAT(result.errors, HasSubstr("is not a text file"));
    }
}

TEST_F(CliSettings, AnEmptyDeviceIsAnEmptyBaseline) {
    EXPECT_EQ(runCli({"findings", log, "--baseline", "/dev/null"}).status, 0);
}

TEST_F(CliSettings, DeepJsonIsRefused) {
    const std::string deep(100'000, '[');
    for (const auto& arguments : commandsWith(write("deep.json", "{\"findings\":" + deep))) {
        const CliResult result = runCli(arguments);
        EXPECT_EQ(result.status, 2);
        EXPECT_THAT(result.errors, HasSubstr("deeper than 64 levels"));
    }
}

}  // namespace
}  // namespace alloclens::test
