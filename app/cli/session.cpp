// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/session.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cli/command.h"
#include "app/cli/terminal.h"
#include "core/base/descriptor_stream.h"
#include "core/base/replace_file.h"
#include "core/base/standard_streams.h"
#include "core/trace/source_text.h"
#include "core/wording/story.h"
#include "core/wording/trust_notes.h"
#include "importers/read_files.h"

namespace alloclens::cli {

void SourceOptions::addTo(CLI::App& command) {
    command
        .add_option(
            "FILE", paths,
            "The log to read, or its parts, the oldest first. - is standard input. gzip, zstd, xz, bzip2 and lz4 are "
            "unpacked")
        ->required();
    command.add_flag("--order", findsOrder, "Find out in which order several FILEs were written");
    addReadingTo(command);
}

void SourceOptions::addOneTo(CLI::App& command, const std::string& name, const std::string& description) {
    command.add_option(name, paths, description)->required()->expected(1)->allow_extra_args(false);
    addReadingTo(command);
}

void SourceOptions::addReadingTo(CLI::App& command) {
    command.add_option("--input-format", inputFormat, "Read the input as this format, whatever it looks like")
        ->type_name("NAME");
    command
        .add_option("--threads", threads,
                    "Number of threads for reading; 0 is one for each core. The result does not depend on it")
        ->type_name("N");
    command
        .add_option("--stream", stream,
                    "For a log of several servers: read only the lines with this tag, such as a host")
        ->type_name("TAG");
    command
        .add_option("--rules", rules, "For a capture of messages: follow the rules of the poc or the enhanced server")
        ->type_name("poc|enhanced")
        ->check(CLI::IsMember({"poc", "enhanced"}));
    command.add_option("--buffer-types", bufferTypes, "For a capture of messages: how programs number memories")
        ->type_name("cpp|python")
        ->check(CLI::IsMember({"cpp", "python"}));
}

ReadOptions SourceOptions::readOptions() const {
    ReadOptions options;
    options.threads = threads;
    options.formatOption = "--input-format";
    options.stream = stream;
    options.rules.keepsLastSize = rules == "enhanced";
    options.bufferTypes = bufferTypes == "python" ? alloc_message::BufferTypes::Python
                                                  : alloc_message::BufferTypes::Cpp;
    return options;
}

InputFiles SourceOptions::inputs(std::string_view role) const {
    InputFiles inputs;
    for (const std::string& path : paths) addReadFiles(inputs, path, role);
    return inputs;
}

int fail(const Error& error) {
    note(error.sentence());
    return error.kind == ErrorKind::Usage ? kUsage : kUnreadable;
}

void note(const std::string& sentence) { saySentence("alloclens-cli", sentence); }

int statusOfNone(const Analysis& analysis) {
    const std::string damage = damageSentence(analysis);
    if (damage.empty()) return kDone;
    note(fmt::format("{}: {}", analysis.trace->source->path(), damage));
    return kTooDamaged;
}

Result<std::string> readWhole(const std::string& path, std::size_t mostBytes, std::string_view advice) {
    const auto failure = [&](std::string what) {
        return Error{ErrorKind::Input, std::move(what), path, std::string(advice)};
    };
    const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!file.isOpen() || ::fstat(file.descriptor(), &status) != 0)
        return failure(fmt::format("cannot be opened: {}", std::strerror(errno)));
    if (S_ISDIR(status.st_mode)) return failure("is a directory");
    std::string text;
    constexpr std::size_t kPiece = std::size_t{1} << 16;
    while (text.size() <= mostBytes && static_cast<std::uint64_t>(status.st_size) <= mostBytes) {
        const std::size_t had = text.size();
        text.resize(had + kPiece);
        const auto got = file.read(text.data() + had, kPiece);
        if (!got) return failure(got.error().what);
        text.resize(had + *got);
        if (*got == 0) return text;
        // Files such as /dev/zero never end.
        const bool isText = text.find('\0', had) == std::string::npos;
        if (!isText) return failure(S_ISREG(status.st_mode) ? "is not a text file" : "is not a text file");
    }
    return failure(fmt::format("has more than {} MiB", mostBytes >> 20));
}

TraceOutcome openTrace(const SourceOptions& options, const TaskContext& task) {
    auto read = readTraceOfFiles(options.paths, options.findsOrder, options.inputFormat, options.readOptions(), task);
    if (!read) return {nullptr, fail(read.error())};
    for (const std::string& sentence : read->notes) note(sentence);
    for (const std::string& sentence : readingNotes(*read->trace)) note(sentence);
    return {std::move(read->trace), kDone};
}

SessionOutcome openSession(const SourceOptions& options, const std::string& filterText) {
    // Reports a wrong filter before a long file is read.
    auto filter = Filter::parse(filterText);
    if (!filter) return {std::nullopt, fail(filter.error())};
    Session session;
    ProgressLine progress;
    const TaskContext task = progress.task();
    TraceOutcome read = openTrace(options, task);
    if (!read.trace) return {std::nullopt, read.exitStatus};
    auto analysis = analyse(std::move(read.trace), task);
    if (!analysis) return {std::nullopt, fail(analysis.error())};
    session.analysis = std::move(*analysis);
    if (!filter->isEmpty()) {
        auto result = applyFilter(*session.analysis, *filter, task);
        if (!result) return {std::nullopt, fail(result.error())};
        session.filter = std::move(*result);
    }
    return {std::move(session), kDone};
}

Result<void> writeOutput(const std::string& path, const InputFiles& inputs,
                         const std::function<Result<void>(std::ostream&)>& write) {
    if (!path.empty() && path != "-") return writeFileWhole(path, inputs, write);
    if (auto possible = checkOutput(path, inputs); !possible) return possible;
    DescriptorStream out(STDOUT_FILENO);
    auto done = write(out);
    const int code = out.finish();
    if (!done || code == 0) return done;
    Error error = writeFailure("standard output", code);
    error.what = fmt::format("cannot be written to: {}", std::strerror(code));
    return error;
}

}  // namespace alloclens::cli
