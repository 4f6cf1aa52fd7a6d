// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/trace_output.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

#include "core/base/units.h"

namespace alloclens::record {
namespace {

/// A trace numbers no more than 2^32 - 2 lines; a recording goes on in the next file before that.
constexpr std::uint64_t kMostLines = 4'000'000'000;

/// Where the ending of a path begins; its end where it has none.
std::size_t endingOf(const std::string& path) {
    const std::size_t name = path.rfind('/') + 1;  // npos + 1 is 0
    const std::size_t dot = path.rfind('.');
    return dot != std::string::npos && dot > name ? dot : path.size();
}

bool isFile(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored);
}

/// A file beside `path` that has the name of a part; empty: none.
std::string somePart(const std::string& path) {
    namespace fs = std::filesystem;
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    const std::size_t ending = endingOf(path);
    const std::string before = path.substr(folder.size(), ending - folder.size()) + ".";
    const std::string after = path.substr(ending);
    std::error_code stop;
    for (fs::directory_iterator at(folder.empty() ? "." : folder, stop), end; !stop && at != end; at.increment(stop)) {
        const std::string name = at->path().filename().string();
        if (name.size() <= before.size() + after.size() || !name.starts_with(before) || !name.ends_with(after))
            continue;
        const auto number = std::string_view(name).substr(before.size(), name.size() - before.size() - after.size());
        if (parseUnsigned(number)) return folder + name;
    }
    return {};
}

Result<void> checkNames(const TraceOutputOptions& options) {
    if (options.replacesFile) return {};
    std::string taken = isFile(options.path) ? options.path : std::string();
    if (taken.empty() && options.rotateBytes > 0) taken = somePart(options.path);
    if (taken.empty()) return {};
    return Error{ErrorKind::Output, "exists", taken, "Choose another name, or replace it with --force."};
}

}  // namespace

std::string TraceOutput::partPath(const std::string& path, unsigned part) {
    if (part == 1) return path;
    const std::size_t ending = endingOf(path);
    return fmt::format("{}.{}{}", path.substr(0, ending), part, path.substr(ending));
}

Result<std::unique_ptr<TraceOutput>> TraceOutput::create(TraceOutputOptions options) {
    if (auto free = checkNames(options); !free) return free.error();
    std::error_code ignored;
    const bool isThere = isFile(options.path);
    const bool isMade = isThere || !std::filesystem::exists(options.path, ignored);  // and no device or pipe
    std::string name = isThere ? fmt::format("{}.{}.new", options.path, ::getpid()) : options.path;
    constexpr mode_t kEveryone = 0666;
    FileHandle file(::open(name.c_str(), O_WRONLY | O_CLOEXEC | (isMade ? O_CREAT | O_EXCL : 0), kEveryone));
    if (!file.isOpen()) {
        return Error{ErrorKind::Output, fmt::format("cannot be written: {}", std::strerror(errno)), options.path, {}};
    }
    if (!isMade) name.clear();
    auto writer = native::Writer::create(std::move(file), options.path, options.describe(1),
                                         native::Writer::kLowestLevel);
    if (writer) {
        return std::unique_ptr<TraceOutput>(new TraceOutput(std::move(options), std::move(name), std::move(*writer)));
    }
    if (isMade) ::unlink(name.c_str());
    return writer.error();
}

TraceOutput::TraceOutput(TraceOutputOptions options, std::string made, native::Writer writer)
    : m_options(std::move(options)),
      m_made(std::move(made)),
      m_queue(m_options.queueBytes),
      m_writer(std::move(writer)),
      m_bytes(m_writer->bytes()),
      m_thread([this] { run(); }) {}

TraceOutput::~TraceOutput() {
    m_queue.close();
    if (m_thread.joinable()) m_thread.join();
    if (!m_made.empty()) ::unlink(m_made.c_str());
}

Result<void> TraceOutput::begin() {
    if (!m_made.empty() && m_made != m_options.path && std::rename(m_made.c_str(), m_options.path.c_str()) != 0) {
        return Error{
            ErrorKind::Output, fmt::format("cannot be replaced: {}", std::strerror(errno)), m_options.path, {}};
    }
    m_made.clear();
    return {};
}

bool TraceOutput::offer(std::shared_ptr<const Batch> batch) {
    if (m_hasFailed) return false;
    const std::size_t bytes = batch->bytes();
    return m_queue.offer(std::move(batch), bytes);
}

bool TraceOutput::put(std::shared_ptr<const Batch> batch) {
    if (m_hasFailed) return false;
    const std::size_t bytes = batch->bytes();
    return m_queue.put(std::move(batch), bytes);
}

void TraceOutput::run() {
    while (const auto batch = m_queue.take()) {
        if (m_hasFailed) continue;  // what was taken before is let go of
        if (auto done = write(**batch); !done) {
            m_error = done.error();
            m_hasFailed = true;
        }
    }
}

Result<void> TraceOutput::write(const Batch& batch) {
    const bool isFull = m_options.rotateBytes > 0 && m_writer->bytes() >= m_options.rotateBytes;
    if (isFull || m_lines + batch.block.lines > kMostLines) {
        if (auto started = startPart(); !started) return started;
    }
    auto done = m_writer->write(batch.block);
    if (!done) return done;
    m_lines += batch.block.lines;
    m_bytes = m_finishedBytes + m_writer->bytes();
    return {};
}

Result<void> TraceOutput::startPart() {
    if (auto done = m_writer->finish(); !done) return done;
    m_finishedBytes += m_writer->bytes();
    const unsigned part = m_part + 1;
    auto writer = native::Writer::create(partPath(m_options.path, part), m_options.describe(part),
                                         m_options.replacesFile, native::Writer::kLowestLevel);
    if (!writer) {
        m_writer.reset();
        return writer.error();
    }
    m_writer = std::move(*writer);
    m_lines = 0;
    m_part = part;
    return {};
}

Result<void> TraceOutput::finish(const std::string& note) {
    m_queue.close();
    if (m_thread.joinable()) m_thread.join();
    if (m_writer) {
        // On a full disk there may be no room for the note; the blocks before it count.
        auto done = m_hasFailed ? Result<void>() : m_writer->note(note);
        if (auto finished = m_writer->finish(); done && !finished) done = finished.error();
        m_bytes = m_finishedBytes + m_writer->bytes();
        m_writer.reset();
        if (!done && !m_error) m_error = done.error();
    }
    return m_error ? Result<void>(*m_error) : Result<void>();
}

}  // namespace alloclens::record
