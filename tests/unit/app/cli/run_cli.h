// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs the real alloclens-cli as a shell would: with pipes on all three ends, or with what a test wants to see there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace alloclens::test {

struct CliOptions {
    std::string input;                      ///< on standard input, through a pipe
    std::optional<std::string> outputPath;  ///< standard output is this file; else a pipe
    bool isOutputClosed = false;            ///< there is no standard output at all
    bool isOutputTerminal = false;          ///< standard output is a terminal
    bool appendsOutput = false;             ///< outputPath keeps what it has, as with the shell's >>
    bool isOutputUnread = false;            ///< standard output is a pipe that nobody reads
    std::optional<std::string> inputPath;   ///< standard input is this file
    bool isInputClosed = false;             ///< there is no standard input at all
    std::optional<std::string> errorPath;   ///< standard error is this file
    bool isErrorClosed = false;             ///< there is no standard error at all
    bool isErrorUnread = false;             ///< standard error is a pipe that nobody reads
    std::uint64_t memoryLimit = 0;          ///< bytes of address space; 0 is no limit
    std::vector<std::string> environment;   ///< "NAME=value"; a name without a value is removed
    std::uint64_t fileSizeLimit = 0;        ///< bytes that it may write to one file; 0 is no limit
    bool isWithoutThreads = false;          ///< the system starts no thread for it
};

struct CliResult {
    int status = -1;  ///< exit status, or 128 + the signal that ended it
    std::string output;
    std::string errors;
};

[[nodiscard]] CliResult runCli(const std::vector<std::string>& arguments, const CliOptions& options = {});

}  // namespace alloclens::test
