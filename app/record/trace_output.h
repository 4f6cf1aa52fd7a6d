// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes batches to a native trace, or to one after the other, on a thread of its own, so that no client ever waits for
// the disk. What the disk cannot take in time is refused, and the caller counts it. Used by the recorder's thread; the
// sums may be read by any.
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
    bool replacesFile = false;      ///< and those of other parts
    std::uint64_t rotateBytes = 0;  ///< a part ends behind the block that reaches it; 0: one file
    std::size_t queueBytes = std::size_t{256} << 20;
    /// Describes a part; they count from 1.
    std::function<native::Description(unsigned part)> describe;
};

class TraceOutput {
public:
    /// Makes the first file, so that a place that cannot be written to is known before anything is recorded. A file
    /// that is to be replaced is there until begin().
    [[nodiscard]] static Result<std::unique_ptr<TraceOutput>> create(TraceOutputOptions options);
    /// Without begin() nothing has changed: what was made is removed.
    ~TraceOutput();
    TraceOutput(const TraceOutput&) = delete;
    TraceOutput& operator=(const TraceOutput&) = delete;

    /// Nothing that comes before a recording can fail any longer: the file takes its name.
    [[nodiscard]] Result<void> begin() { return m_first.takeName(); }
    /// False where the disk is too far behind, or after an error.
    [[nodiscard]] bool offer(std::shared_ptr<const Batch> batch);
    /// The same, waiting for room: for the end of a recording.
    bool put(std::shared_ptr<const Batch> batch);
    /// Writes all that was taken. Gives the first error of the recording.
    [[nodiscard]] std::optional<Error> close();
    /// After close(): writes a last block, if there is anything in it, and a note, in the room that was kept for them
    /// on the disk, and completes the file.
    [[nodiscard]] Result<void> finish(const native::Block& last, const std::string& note);

    [[nodiscard]] bool hasFailed() const { return m_hasFailed; }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    /// Messages of batches that were taken and could not be written any longer.
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
    std::uint64_t m_finishedBytes = 0;  ///< of the parts before
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
