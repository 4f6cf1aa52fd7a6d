// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes batches to a native trace, or to several in turn, on a thread of its own, so that clients never wait for the
// disk. Refuses batches that the disk cannot take in time; the caller counts them. Used by the recorder's thread; any
// thread may read the sums.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "app/record/batch.h"
#include "app/record/bounded_queue.h"
#include "app/record/part_file.h"
#include "core/base/result.h"

namespace alloclens::record {

struct TraceOutputOptions {
    std::string path;
    bool replacesFile = false;      ///< also those of other parts
    std::uint64_t rotateBytes = 0;  ///< a part ends after the block that reaches it; 0: one file
    std::size_t queueBytes = std::size_t{256} << 20;
    /// Describes part `part`, from 1 on.
    std::function<native::Description(unsigned part)> describe;
};

class TraceOutput {
public:
    /// Creates the first file, so that an unusable path fails before anything is recorded. A file to be replaced stays
    /// until begin(). Errors: as PartFile::create.
    [[nodiscard]] static Result<std::unique_ptr<TraceOutput>> create(TraceOutputOptions options);
    /// Removes what was made, if begin() was not called.
    ~TraceOutput();
    TraceOutput(const TraceOutput&) = delete;
    TraceOutput& operator=(const TraceOutput&) = delete;

    /// Gives the file its name. Call it once the recording cannot fail to start any more.
    [[nodiscard]] Result<void> begin() { return m_first.takeName(); }
    /// Queues a batch. Returns false if the disk is too far behind, or after an error.
    [[nodiscard]] bool offer(std::shared_ptr<const Batch> batch);
    /// The same, but waits for room. For the end of a recording.
    bool put(std::shared_ptr<const Batch> batch);
    /// Writes all batches that were taken. Returns the first error of the recording.
    [[nodiscard]] std::optional<Error> close();
    /// Call it after close(). Writes `last` if it has gaps or diagnostics, and a note, into room that was reserved on
    /// the disk, and completes the file.
    [[nodiscard]] Result<void> finish(const native::Block& last, const std::string& note);

    [[nodiscard]] bool hasFailed() const { return m_hasFailed; }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    /// Messages of batches that were taken but could not be written.
    [[nodiscard]] std::uint64_t lostMessages() const { return m_lostMessages; }
    [[nodiscard]] std::uint64_t writtenMessages() const { return m_writtenMessages; }
    [[nodiscard]] unsigned parts() const { return m_part; }

private:
    TraceOutput(TraceOutputOptions options, PartFile file, native::Writer writer);

    void run();
    [[nodiscard]] Result<void> write(const Batch& batch);
    [[nodiscard]] Result<void> startPart();
    [[nodiscard]] Result<void> writeEnd(const native::Block& last, const std::string& note);

    TraceOutputOptions m_options;
    PartFile m_first;
    BoundedQueue<std::shared_ptr<const Batch>> m_queue;
    std::optional<native::Writer> m_writer;
    std::uint64_t m_finishedBytes = 0;  ///< of earlier parts
    std::uint64_t m_lines = 0;          ///< of this part
    std::optional<Error> m_error;
    std::atomic<bool> m_hasFailed = false;
    std::atomic<std::uint64_t> m_bytes = 0;
    std::atomic<std::uint64_t> m_lostMessages = 0;
    std::atomic<std::uint64_t> m_writtenMessages = 0;
    std::atomic<unsigned> m_part = 1;
    std::thread m_thread;
};

}  // namespace alloclens::record
