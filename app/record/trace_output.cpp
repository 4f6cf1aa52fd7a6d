// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/trace_output.h"

#include <utility>

namespace alloclens::record {
namespace {

/// A trace numbers no more than 2^32 - 2 lines; a recording goes on in the next file before that.
constexpr std::uint64_t kMostLines = 4'000'000'000;

}  // namespace

Result<std::unique_ptr<TraceOutput>> TraceOutput::create(TraceOutputOptions options) {
    if (!options.replacesFile) {
        if (auto free = PartFile::check(options.path, options.rotateBytes > 0); !free) return free.error();
    }
    auto file = PartFile::create(options.path, options.replacesFile);
    if (!file) return file.error();
    auto writer = native::Writer::create(file->takeHandle(), options.path, options.describe(1),
                                         native::Writer::kLowestLevel);
    if (!writer) return writer.error();
    return std::unique_ptr<TraceOutput>(new TraceOutput(std::move(options), std::move(*file), std::move(*writer)));
}

TraceOutput::TraceOutput(TraceOutputOptions options, PartFile file, native::Writer writer)
    : m_options(std::move(options)),
      m_first(std::move(file)),
      m_queue(m_options.queueBytes),
      m_writer(std::move(writer)),
      m_bytes(m_writer->bytes()),
      m_thread([this] { run(); }) {}

TraceOutput::~TraceOutput() {
    m_queue.close();
    if (m_thread.joinable()) m_thread.join();
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
        if (!m_hasFailed) {
            const auto done = write(**batch);
            if (done) continue;
            m_error = done.error();
            m_hasFailed = true;
        }
        m_lostLines += (*batch)->block.lines;  // of what was taken before, too
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
    m_writer.reset();
    const std::string path = PartFile::pathOf(m_options.path, part);
    auto file = PartFile::create(path, m_options.replacesFile);
    if (!file) return file.error();
    auto writer = native::Writer::create(file->takeHandle(), path, m_options.describe(part),
                                         native::Writer::kLowestLevel);
    if (!writer) return writer.error();
    if (auto named = file->takeName(); !named) return named;
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
