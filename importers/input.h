// SPDX-License-Identifier: GPL-3.0-or-later
//
// A source of bytes that importers can read at any offset: a file on disk, or a temporary copy of a pipe, a compressed
// file or UTF-16 text (see unwrapper.h). A copy is read while it is written; reads wait for bytes that have not come
// yet. Any number of threads may read at once.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/trace/source_text.h"
#include "importers/pieced_file.h"
#include "importers/spool.h"

namespace alloclens {

class Input {
public:
    /// Opens `path`, or standard input for "-". Errors, with the path and what to do: missing, a directory, not
    /// readable, empty, a compressed stream of nothing, an archive, no room for the temporary copy, cancelled.
    [[nodiscard]] static Result<Input> open(const std::string& path, const TaskContext& task);

    /// A file of `size` bytes that is complete. `path` is its name in errors.
    [[nodiscard]] static Input ofFile(std::string path, FileHandle file, std::uint64_t size) {
        return Input(std::move(path), std::move(file), size);
    }

    [[nodiscard]] const std::string& path() const { return m_path; }
    /// The number of bytes; waits until all have come. If a copy failed, those before the failure.
    [[nodiscard]] std::uint64_t size() const;
    /// The number of bytes that are available now.
    [[nodiscard]] std::uint64_t sizeSoFar() const { return m_spool ? m_spool->written() : m_size; }
    /// Whether a compressed stream ended too early; what came before is available. Waits for the end.
    [[nodiscard]] bool isCutShort() const { return m_isCutShort || (m_spool && m_spool->outcome().cutShort); }
    /// Joins the files of `parts` into one text, in their order. Waits for copies. Adds a newline after file i if
    /// `hasNewlines[i]`. Requires: `parts` is not empty, both have the same length. Errors: a copy failed.
    [[nodiscard]] static Result<Input> ofParts(std::vector<Input> parts, const std::vector<bool>& hasNewlines);

    /// How many of the `want` bytes from `offset` exist; fewer mean the source ends. Waits for them.
    [[nodiscard]] Result<std::uint64_t> bytesFrom(std::uint64_t offset, std::uint64_t want) const;
    /// Reads bytes from `offset`; fewer than `size` mean the source ends. Errors: reading failed; the file became
    /// shorter.
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const;
    /// The first bytes, at most `size`. Empty if reading fails.
    [[nodiscard]] std::string head(std::size_t size) const;
    /// How far a reader at `offset` has come, from 0 to 1.
    [[nodiscard]] double fractionAt(std::uint64_t offset) const;
    /// From now on skips long holes of a sparse file; offsets are those of the rest. Only for text.
    void leaveOutHoles();
    /// Bytes of holes that were skipped between two offsets.
    [[nodiscard]] std::uint64_t leftOut(std::uint64_t begin, std::uint64_t end) const {
        return m_pieces ? m_pieces->leftOut(begin, end) : 0;
    }
    /// The first byte from `offset` on that is not in a hole.
    [[nodiscard]] std::uint64_t dataFrom(std::uint64_t offset) const;
    /// The size of the file including skipped holes.
    [[nodiscard]] std::uint64_t fileBytes() const { return size() + (m_pieces ? m_pieces->leftOut() : 0); }
    /// The bytes in the form that a trace keeps, for text formats. Null if the system has no descriptor left.
    [[nodiscard]] std::unique_ptr<const TextBytes> text() const;
    /// The same, but hands over the file.
    [[nodiscard]] std::unique_ptr<const TextBytes> releaseText() { return m_pieces ? text() : fileText(releaseFile()); }
    /// What happened to a file since the last look, while another program writes it. look() also updates size().
    enum class Change {
        None,
        Grown,
        Shrunk,    ///< it was truncated: some of what was read is gone
        Replaced,  ///< another file has its name, and this one has not grown: its writer has left it
        Removed,   ///< no file has its name, and this one has not grown
    };
    /// Returns None for anything but a plain file. Requires: no other thread reads meanwhile.
    [[nodiscard]] Change look();
    /// Whether it is a file on disk, which look() needs: not a copy, not several parts.
    [[nodiscard]] bool isPlainFile() const { return m_spool == nullptr && !m_isOfParts; }
    /// Hands over the file, for the trace's source text. Requires: not several parts.
    [[nodiscard]] FileHandle releaseFile() { return m_spool ? m_spool->releaseFile() : std::move(m_file); }
    /// Another handle of the same file; not open if the system has none left.
    [[nodiscard]] FileHandle duplicateFile() const { return (m_spool ? m_spool->file() : m_file).duplicate(); }

private:
    [[nodiscard]] const FileHandle& file() const { return m_pieces ? m_pieces->lastFile() : m_file; }
    [[nodiscard]] static Result<Input> openText(const std::string& path, FileHandle file, std::int64_t size,
                                                const TaskContext& task);
    Input(std::string path, FileHandle file, std::uint64_t size)
        : m_path(std::move(path)), m_file(std::move(file)), m_size(size) {}
    Input(std::string path, std::unique_ptr<Spool> spool) : m_path(std::move(path)), m_spool(std::move(spool)) {}

    std::string m_path;
    FileHandle m_file;
    std::uint64_t m_size = 0;
    std::unique_ptr<Spool> m_spool;              ///< null if the file is read directly
    std::shared_ptr<const PiecedFile> m_pieces;  ///< owns the files if holes are skipped or there are parts
    bool m_isOfParts = false;
    bool m_isCutShort = false;  ///< one of the parts is cut short
};

}  // namespace alloclens
