// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/session.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "app/cli/command.h"
#include "app/cli/terminal.h"
#include "core/report/report.h"
#include "core/report/story.h"
#include "core/report/trust_notes.h"

namespace alloclens::cli {

void SourceOptions::addTo(CLI::App& command) {
    command.add_option("FILE", path, "The log to read; - is standard input; gzip and zstd are unpacked")->required();
    command.add_option("--input-format", inputFormat, "Read FILE as this format, whatever it looks like")
        ->type_name("NAME");
    command.add_option("--threads", threads, "Threads for reading; 0 is one a core. The result is the same for any")
        ->type_name("N");
    command
        .add_option("--rules", rules, "Of a capture of messages: whose rules decide, the poc or the enhanced server's")
        ->type_name("poc|enhanced")
        ->check(CLI::IsMember({"poc", "enhanced"}));
    command.add_option("--buffer-types", bufferTypes, "Of a capture of messages: how programs number memories")
        ->type_name("cpp|python")
        ->check(CLI::IsMember({"cpp", "python"}));
}

ReadOptions SourceOptions::readOptions() const {
    ReadOptions options;
    options.threads = threads;
    options.rules.keepsLastSize = rules == "enhanced";
    options.bufferTypes = bufferTypes == "python" ? alloc_message::BufferTypes::Python
                                                  : alloc_message::BufferTypes::Cpp;
    return options;
}

int fail(const Error& error) {
    fmt::print(stderr, "alloclens-cli: {}\n", error.sentence());
    return error.kind == ErrorKind::Usage ? kUsage : kUnreadable;
}

void note(const std::string& sentence) { fmt::print(stderr, "alloclens-cli: {}\n", sentence); }

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
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) return failure(fmt::format("cannot be opened: {}", std::strerror(errno != 0 ? errno : EIO)));
    std::string text;
    constexpr std::size_t kPiece = std::size_t{1} << 16;
    while (file && text.size() <= mostBytes) {
        const std::size_t had = text.size();
        text.resize(had + kPiece);
        file.read(text.data() + had, kPiece);
        text.resize(had + static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) return failure("cannot be read");
    if (text.size() > mostBytes) return failure(fmt::format("has more than {} MiB", mostBytes >> 20));
    return text;
}

TraceOutcome openTrace(const SourceOptions& options, const TaskContext& task) {
    auto trace = readTrace(options.path, options.inputFormat, options.readOptions(), task);
    if (!trace) return {nullptr, fail(trace.error())};
    for (const std::string& sentence : readingNotes(**trace)) note(sentence);
    return {std::move(*trace), kDone};
}

SessionOutcome openSession(const SourceOptions& options, const std::string& filterText) {
    // A filter that is wrong is said before a long file is read.
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

Result<void> writeOutput(const std::string& path, const std::function<Result<void>(std::ostream&)>& write) {
    if (!path.empty() && path != "-") return writeFileWhole(path, write);
    errno = 0;
    auto done = write(std::cout);
    std::cout.flush();
    if (done && !std::cout) {
        return Error{ErrorKind::Output,
                     fmt::format("cannot be written to: {}", std::strerror(errno != 0 ? errno : EIO)),
                     "standard output",
                     {}};
    }
    return done;
}

}  // namespace alloclens::cli
