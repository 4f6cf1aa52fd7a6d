// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/terminal.h"
#include "core/base/descriptor_stream.h"
#include "core/base/replace_file.h"
#include "core/report/report.h"
#include "importers/native/trace_writer.h"

namespace alloclens::cli {
namespace {

enum class Target { Native, Csv, JsonLines };

struct TargetName {
    std::string_view name;  ///< of the format; also the ending of file names
    Target target;
};
constexpr std::array kTargets = {TargetName{"alens", Target::Native}, TargetName{"csv", Target::Csv},
                                 TargetName{"jsonl", Target::JsonLines}};

struct ConvertOptions {
    SourceOptions source;
    std::string output;
    std::string format;
    int level = native::Writer::kLevel;
    bool force = false;
};

/// OUT "run.csv" -> Csv, unless --output-format names another. Errors (Usage): neither names a format.
Result<Target> chooseTarget(const ConvertOptions& options) {
    std::string name = options.format;
    const std::size_t dot = options.output.find_last_of("./");
    const bool hasEnding = dot != std::string::npos && options.output[dot] == '.';
    if (name.empty() && hasEnding) name = options.output.substr(dot + 1);
    for (const TargetName& known : kTargets) {
        if (name == known.name) return known.target;
    }
    const std::string what = options.format.empty() ? "has no ending that names a format"
                                                    : fmt::format("'{}' is not an output format", options.format);
    return Error{ErrorKind::Usage, what, options.format.empty() ? options.output : "--output-format",
                 "Output formats: alens, csv, jsonl."};
}

// Checks before a long file is read whether the result may be written.
Result<void> checkTarget(const ConvertOptions& options, const InputFiles& inputs) {
    if (auto possible = checkOutput(options.output, inputs); !possible) return possible;
    struct stat to {};
    if (options.force || options.output == "-" || ::stat(options.output.c_str(), &to) != 0 || !S_ISREG(to.st_mode))
        return {};
    return Error{ErrorKind::Output, "exists", options.output, "Choose another name, or replace it with --force."};
}

Result<void> writeNative(const Trace& trace, int descriptor, const std::string& name, int level,
                         const TaskContext& task) {
    FileHandle file(::fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    if (!file.isOpen()) return writeFailure(name, errno);
    auto writer = native::Writer::create(std::move(file), name, native::descriptionOf(trace), level);
    if (!writer) return writer.error();
    if (auto done = native::writeTrace(trace, *writer, {}, task); !done) return done;
    return writer->finish();
}

Result<void> writeRows(Target target, const Trace& trace, int descriptor, const std::string& name,
                       const TaskContext& task) {
    DescriptorStream out(descriptor);
    const auto done = target == Target::Csv ? writeTraceCsv(trace, task, out) : writeTraceJsonLines(trace, task, out);
    const int code = out.finish();
    return done && code != 0 ? writeFailure(name, code) : done;
}

Result<void> write(const ConvertOptions& options, Target target, const Trace& trace, const InputFiles& inputs,
                   const TaskContext& task) {
    const bool isStandardOutput = options.output == "-";
    const std::string name = isStandardOutput ? "standard output" : options.output;
    const auto writeTo = [&](int descriptor) {
        return target == Target::Native ? writeNative(trace, descriptor, name, options.level, task)
                                        : writeRows(target, trace, descriptor, name, task);
    };
    if (isStandardOutput) return writeTo(STDOUT_FILENO);
    return replaceFile(options.output, inputs, options.force ? Existing::Replaced : Existing::Kept, writeTo);
}

int run(const ConvertOptions& options) {
    const auto target = chooseTarget(options);
    if (!target) return fail(target.error());
    const InputFiles inputs = options.source.inputs("the file to be converted");
    if (const auto possible = checkTarget(options, inputs); !possible) return fail(possible.error());
    ProgressLine progress;
    const TaskContext task = progress.task();
    const TraceOutcome read = openTrace(options.source, task);
    if (!read.trace) return read.exitStatus;
    const auto written = write(options, *target, *read.trace, inputs, task);
    return written ? static_cast<int>(kDone) : fail(written.error());
}

}  // namespace

void addConvertCommand(CLI::App& app, Action& action) {
    auto options = std::make_shared<ConvertOptions>();
    CLI::App& command = *app.add_subcommand("convert", "Write a log as a trace of AllocLens, or its events as rows");
    options->source.addTo(command);
    // The last path is OUT, but the parser gives all of them to FILE.
    constexpr int kMostFiles = 1 << 20;
    command.get_option("FILE")
        ->description(
            "The log to convert, or its parts, the oldest first. OUT is the file to write; its ending chooses the "
            "format. - is standard input or output")
        ->type_name("... OUT")
        ->expected(2, kMostFiles);
    command.add_option("--output-format", options->format, "Format of OUT, whatever its name: alens, csv, jsonl")
        ->type_name("NAME");
    command.add_option("--level", options->level, "Compression level of an alens file")
        ->check(CLI::Range(native::Writer::kLowestLevel, native::Writer::kHighestLevel))
        ->type_name("N");
    command.add_flag("--force", options->force, "Replace OUT if it exists");
    command.footer("Examples:\n"
                   "  alloclens-cli convert server.log server.alens\n"
                   "  alloclens-cli convert server.alens events.csv\n"
                   "  alloclens-cli convert server.log - --output-format jsonl | jq 'select(.device == 4)'");
    command.callback([&action, options] {
        options->output = options->source.paths.back();
        options->source.paths.pop_back();
        action = [options] { return run(*options); };
    });
}

}  // namespace alloclens::cli
