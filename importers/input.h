// SPDX-License-Identifier: GPL-3.0-or-later
//
// A source of bytes that importers can read at any place: a file as it lies on disk, or a temporary copy of what comes
// through a pipe or out of a compressed file (gzip and zstd, recognised by their first bytes). The copy is being
// written while it is read: what has not come yet is waited for. Any number of threads may read at once.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/trace/source_text.h"
#include "importers/spool.h"

namespace alloclens {

class Input {
public:
    /// Opens `path`, or standard input for "-". Errors name the path and what to do: missing, a directory, not
    /// readable, empty, a compressed stream that holds nothing, no room for the temporary copy, cancelled.
    [[nodiscard]] static Result<Input> open(const std::string& path, const TaskContext& task);

    /// A file that its owner has written to its end; `path` is the name in messages.
    [[nodiscard]] static Input ofFile(std::string path, FileHandle file, std::uint64_t size) {
        return Input(std::move(path), std::move(file), size);
    }

    [[nodiscard]] const std::string& path() const { return m_path; }
    /// All bytes; waits until they have come. What came before a copy failed, where it did.
    [[nodiscard]] std::uint64_t size() const;
    /// The bytes that are here now.
    [[nodiscard]] std::uint64_t sizeSoFar() const { return m_spool ? m_spool->written() : m_size; }
    /// The compressed stream ended early; what came before is here. Waits for the end.
    [[nodiscard]] bool isCutShort() const { return m_spool && m_spool->isCutShort(); }
    /// How many of the `want` bytes from `offset` the source has: fewer mean its end. Waits for them.
    [[nodiscard]] Result<std::uint64_t> bytesFrom(std::uint64_t offset, std::uint64_t want) const;
    /// Bytes from `offset`; fewer than asked for mean the end. An error if the file is shorter than it was.
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const;
    /// The first bytes, at most `size`; empty if they cannot be read.
    [[nodiscard]] std::string head(std::size_t size) const;
    /// How far a reader at `offset` has come, of 1.
    [[nodiscard]] double fractionAt(std::uint64_t offset) const;
    /// What became of a file that another program is writing since it was last looked at; size() is up to date then.
    enum class Change {
        None,
        Grown,
        Shrunk,    ///< it was truncated: what was read of it is gone
        Replaced,  ///< its name is another file's by now, and this one has not grown: its writer has left it
    };
    [[nodiscard]] Change look();
    /// A file as it lies on disk, which alone can be looked at; not a copy of a pipe or a compressed file.
    [[nodiscard]] bool isPlainFile() const { return m_spool == nullptr; }
    /// Gives up the file, for the trace's source text.
    [[nodiscard]] FileHandle releaseFile() { return m_spool ? m_spool->releaseFile() : std::move(m_file); }
    /// Another handle of the same file; not open where the system has none left.
    [[nodiscard]] FileHandle duplicateFile() const { return (m_spool ? m_spool->file() : m_file).duplicate(); }

private:
    Input(std::string path, FileHandle file, std::uint64_t size)
        : m_path(std::move(path)), m_file(std::move(file)), m_size(size) {}
    Input(std::string path, std::unique_ptr<Spool> spool) : m_path(std::move(path)), m_spool(std::move(spool)) {}

    std::string m_path;
    FileHandle m_file;
    std::uint64_t m_size = 0;
    std::unique_ptr<Spool> m_spool;  ///< null where the file itself is read
};

}  // namespace alloclens
