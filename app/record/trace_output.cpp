// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/trace_output.h"

#include <fmt/format.h>

#include <utility>

#include "app/record/shortage.h"

namespace alloclens::record {
namespace {

/// A trace numbers at most 2^32 - 2 lines, so a recording starts the next file before that.
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
    Error shortage = noMemory();  // made while there is memory
    while (const auto batch = m_queue.take()) {
        if (!m_hasFailed) {
            try {
                if (const auto done = write(**batch); !done) m_error = done.error();
            } catch (const std::bad_alloc&) {
                m_error = std::move(shortage);
            }
            if (!m_error) {
                m_writtenMessages += (*batch)->messages;
                continue;
            }
            m_hasFailed = true;
        }
        m_lostMessages += (*batch)->messages;  // includes batches taken before
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

// Begins the next part before it completes this one, which can then still say why there is no next one. The next part
// gets its name after that, as programs that follow the recording require.
Result<void> TraceOutput::startPart() {
    const unsigned part = m_part + 1;
    const std::string path = PartFile::pathOf(m_options.path, part);
    auto file = PartFile::create(path, m_options.replacesFile);
    if (!file) return file.error();
    auto writer = native::Writer::create(file->takeHandle(), path, m_options.describe(part),
                                         native::Writer::kLowestLevel);
    if (!writer) return writer.error();
    (void)m_writer->note(fmt::format(R"({{"note":"end-of-part","next":{}}})", part));
    if (auto done = m_writer->finish(); !done) return done;
    if (auto named = file->takeName(); !named) {
        if (auto again = native::Writer::append(PartFile::pathOf(m_options.path, m_part)); again) {
            m_writer = std::move(*again);
        }
        return named;
    }
    m_finishedBytes += m_writer->bytes();
    m_writer = std::move(*writer);
    m_lines = 0;
    m_part = part;
    return {};
}

std::optional<Error> TraceOutput::close() {
    m_queue.close();
    if (m_thread.joinable()) m_thread.join();
    return m_error;
}

Result<void> TraceOutput::finish(const native::Block& last, const std::string& note) {
    return withoutThrowing([&] { return writeEnd(last, note); });
}

Result<void> TraceOutput::writeEnd(const native::Block& last, const std::string& note) {
    m_writer->useKeptRoom();
    Result<void> done;
    if (!last.gaps.empty() || last.diagnostics.total() > 0) done = m_writer->write(last);
    // Goes on without room for everything: the index still may fit.
    if (auto noted = m_writer->note(note); !noted && done) done = noted;
    if (auto finished = m_writer->finish(); !finished && done) done = finished;
    m_bytes = m_finishedBytes + m_writer->bytes();
    m_writer.reset();  // the reader of a pipe waits for its end
    return done;
}

}  // namespace alloclens::record
