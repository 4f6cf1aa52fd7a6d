// SPDX-License-Identifier: GPL-3.0-or-later
//
// An unnamed temporary copy of a pipe, or of unpacked or converted text, so that it can be read at any offset. A thread
// of its own writes the copy; what is written can be read meanwhile. The file vanishes with its last descriptor; the
// destructor ends the thread. Any thread may call.
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

/// What is copied: a descriptor, from its current position.
struct SpoolSource {
    FileHandle file;
    std::uint64_t expected = 0;  ///< size in bytes; 0 for a pipe
};

class Spool {
public:
    /// Creates the file in temporaryFolder() and starts to copy. Errors: the file cannot be created; there is too
    /// little room; the system starts no thread (the caller adds the path).
    [[nodiscard]] static Result<std::unique_ptr<Spool>> start(SpoolSource source, const TaskContext& task);
    ~Spool();
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    /// How many of the `want` bytes from `offset` exist; waits until they or the end have come. Errors: reading or
    /// writing failed before; cancelled.
    [[nodiscard]] Result<std::uint64_t> bytesFrom(std::uint64_t offset, std::uint64_t want);
    /// The size of the whole copy; waits for it. Errors: as bytesFrom(), also if a part was written.
    [[nodiscard]] Result<std::uint64_t> size();
    /// What was unwrapped; waits for the end.
    [[nodiscard]] UnwrapOutcome outcome();
    /// The share of the source that was read, from 0 to 1; 0 if its size is unknown.
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

    std::jthread m_thread;  // the last member, since it uses the others
};

}  // namespace alloclens
