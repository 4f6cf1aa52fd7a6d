// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every command that reads a file does alike: its options, opening and analysing the file, evaluating the filter,
// and writing the result to standard output or a file.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/base/input_files.h"
#include "core/query/filter.h"
#include "importers/importer.h"

namespace CLI {
class App;
}

namespace alloclens::cli {

struct SourceOptions {
    std::vector<std::string> paths;  ///< several are the parts of one log
    bool findsOrder = false;         ///< of the parts, instead of taking them as they are named
    std::string inputFormat;         ///< empty: by content
    unsigned threads = 0;
    std::string stream;         ///< of a log of several servers, the tag of the one to read
    std::string rules = "poc";  ///< of captures of messages, as bufferTypes
    std::string bufferTypes = "cpp";

    [[nodiscard]] ReadOptions readOptions() const;
    /// The file, with the further parts of a recording, as what no result may replace.
    [[nodiscard]] InputFiles inputs(std::string_view role = "the log to be read") const;
    void addTo(CLI::App& command);
    /// The same for a command that reads one file by this option and others by its own.
    void addOneTo(CLI::App& command, const std::string& name, const std::string& description);

private:
    void addReadingTo(CLI::App& command);
};

/// An opened file and what its filter lets through.
struct Session {
    std::shared_ptr<const Analysis> analysis;
    std::optional<FilterResult> filter;  ///< none where no filter was given
};

/// Reads, analyses and filters; on failure says why on standard error and gives the exit status.
struct SessionOutcome {
    std::optional<Session> session;
    int exitStatus = 0;
};
[[nodiscard]] SessionOutcome openSession(const SourceOptions& options, const std::string& filterText);

/// Reads without analysing.
struct TraceOutcome {
    std::shared_ptr<const Trace> trace;  ///< null on failure
    int exitStatus = 0;
};
[[nodiscard]] TraceOutcome openTrace(const SourceOptions& options, const TaskContext& task);

/// Says an error on standard error, as "alloclens-cli: ...", and gives its exit status.
int fail(const Error& error);

/// Says something about the result on standard error, in the same form.
void note(const std::string& sentence);

/// The exit status where nothing of --fail-on was found: kDone, or kTooDamaged with the reason on standard error where
/// too much of a log is lost to say so.
[[nodiscard]] int statusOfNone(const Analysis& analysis);

/// The whole of a file of settings. Errors (Input): it cannot be read, is a folder or a device, or has more than
/// `mostBytes`; `advice` says what it should be.
[[nodiscard]] Result<std::string> readWhole(const std::string& path, std::size_t mostBytes, std::string_view advice);

/// Runs `write` on standard output, or on `path` whole or not at all where it is not empty. Errors: it is one of the
/// inputs, or cannot be written.
[[nodiscard]] Result<void> writeOutput(const std::string& path, const InputFiles& inputs,
                                       const std::function<Result<void>(std::ostream&)>& write);

}  // namespace alloclens::cli
