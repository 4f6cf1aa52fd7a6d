// SPDX-License-Identifier: GPL-3.0-or-later
//
// An unnamed temporary copy of what comes through a pipe, out of a compressed file or out of UTF-16, so that it can be
// read at any place. A thread of its own writes the copy; what is there already can be read while the rest is still
// coming. The file vanishes with its last descriptor, the thread ends with the object.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/trace/source_text.h"
#include "importers/temporary_room.h"
#include "importers/unwrapper.h"

namespace alloclens {

/// What a copy is made from: a descriptor, read from where it is.
struct SpoolSource {
    FileHandle file;
    std::uint64_t expected = 0;  ///< bytes in all; 0 where it is a pipe
};

class Spool {
public:
    /// Creates the file in temporaryFolder() and starts copying. Errors: the file cannot be made, or there is not
    /// enough room for it; the system starts no thread, and then the place is left to the caller.
    [[nodiscard]] static Result<std::unique_ptr<Spool>> start(SpoolSource source, const TaskContext& task);
    ~Spool();
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    /// How many of the `want` bytes from `offset` there are: waits until they have come or all has. Errors: reading or
    /// writing failed before that, or the task was cancelled.
    [[nodiscard]] Result<std::uint64_t> bytesFrom(std::uint64_t offset, std::uint64_t want);
    /// The size of the whole copy; waits for it. What was written before an error is not counted as whole.
    [[nodiscard]] Result<std::uint64_t> size();
    /// What was unwrapped; waits for the end.
    [[nodiscard]] UnwrapOutcome outcome();
    /// How much of the source has been read, of 1; 0 where its size is not known.
    [[nodiscard]] double fraction() const;
    [[nodiscard]] std::uint64_t written() const;
    [[nodiscard]] const FileHandle& file() const { return m_file; }
    [[nodiscard]] FileHandle releaseFile() { return std::move(m_file); }

private:
    Spool(SpoolSource source, const TaskContext& task);
    [[nodiscard]] Result<void> create();
    void copy(const std::stop_token& stop);
    [[nodiscard]] Result<UnwrapOutcome> copyAll(const std::stop_token& stop);
    [[nodiscard]] Result<std::size_t> read(char* buffer, std::size_t size, const std::stop_token& stop);
    [[nodiscard]] Result<void> write(const char* bytes, std::size_t size);
    [[nodiscard]] Error noRoom(const Space& space) const;
    [[nodiscard]] Error failure(const std::string& why) const;

    SpoolSource m_source;
    TaskContext m_task;
    std::string m_folder;
    FileHandle m_file;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::uint64_t m_read = 0;     ///< of the source
    std::uint64_t m_written = 0;  ///< of the copy
    bool m_isFinished = false;
    Result<UnwrapOutcome> m_outcome = UnwrapOutcome{};

    std::jthread m_thread;  // last: it uses the others
};

}  // namespace alloclens
