// SPDX-License-Identifier: GPL-3.0-or-later
//
// What all commands that read a file share: options, opening and analysing the file, applying the filter, and writing
// the result. Errors go to standard error. Used by the main thread.
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
    bool findsOrder = false;         ///< finds the order of the parts; else they are in order
    std::string inputFormat;         ///< empty: detected from the content
    unsigned threads = 0;
    std::string stream;         ///< the tag of the server to read, if a log has several
    std::string rules = "poc";  ///< of captures of messages, as bufferTypes
    std::string bufferTypes = "cpp";

    [[nodiscard]] ReadOptions readOptions() const;
    /// The files that no result may replace: the input, and further parts of a recording.
    [[nodiscard]] InputFiles inputs(std::string_view role = "the log to be read") const;
    /// Adds FILE... and the reading options to a command.
    void addTo(CLI::App& command);
    /// The same for one file, shown as `name`: the command names its other files itself.
    void addOneTo(CLI::App& command, const std::string& name, const std::string& description);

private:
    void addReadingTo(CLI::App& command);
};

/// An analysed file, and what its filter passes.
struct Session {
    std::shared_ptr<const Analysis> analysis;
    std::optional<FilterResult> filter;  ///< none if there is no filter
};

/// The session, or none and the exit status if it failed.
struct SessionOutcome {
    std::optional<Session> session;
    int exitStatus = 0;
};
/// Reads, analyses and filters. On failure writes the reason to standard error.
[[nodiscard]] SessionOutcome openSession(const SourceOptions& options, const std::string& filterText);

/// The trace, or null and the exit status if reading failed.
struct TraceOutcome {
    std::shared_ptr<const Trace> trace;  ///< null on failure
    int exitStatus = 0;
};
/// Reads without analysing; otherwise as openSession.
[[nodiscard]] TraceOutcome openTrace(const SourceOptions& options, const TaskContext& task);

/// Writes "alloclens-cli: ..." to standard error and returns the exit status of the error.
int fail(const Error& error);

/// Writes a remark about the result to standard error, in the same form.
void note(const std::string& sentence);

/// The exit status if nothing of --fail-on was found. That is kDone, or kTooDamaged if too much of the log is lost to
/// be sure; the reason then goes to standard error.
[[nodiscard]] int statusOfNone(const Analysis& analysis);

/// Reads a whole file of settings. Errors (Input): it cannot be read, is a folder, a device or not text, or has more
/// than `mostBytes`. The error ends with `advice`, which says what the file should be.
[[nodiscard]] Result<std::string> readWhole(const std::string& path, std::size_t mostBytes, std::string_view advice);

/// Runs `write` on standard output if `path` is empty, else on the file `path`, which is written completely or not at
/// all. Errors: it is one of the inputs; it cannot be written.
[[nodiscard]] Result<void> writeOutput(const std::string& path, const InputFiles& inputs,
                                       const std::function<Result<void>(std::ostream&)>& write);

}  // namespace alloclens::cli
