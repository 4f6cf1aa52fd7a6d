// SPDX-License-Identifier: GPL-3.0-or-later
//
// A source of bytes that importers can read at any place: a file as it lies on disk, or a temporary copy of what comes
// through a pipe, out of a compressed file or out of UTF-16 (recognised by its first bytes, see unwrapper.h). The copy
// is being written while it is read: what has not come yet is waited for. Any number of threads may read at once.
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
    /// Opens `path`, or standard input for "-". Errors name the path and what to do: missing, a directory, not
    /// readable, empty, a compressed stream that holds nothing, an archive, no room for the temporary copy, cancelled.
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
    [[nodiscard]] bool isCutShort() const { return m_isCutShort || (m_spool && m_spool->outcome().cutShort); }
    /// Of one text with the files that follow, whose parts they are, in their order. Each has been opened as a file or
    /// as a copy; the copies are waited for. `hasNewlines[i]` asks for the end of a line after the file i.
    [[nodiscard]] static Result<Input> ofParts(std::vector<Input> parts, const std::vector<bool>& hasNewlines);

    /// How many of the `want` bytes from `offset` the source has: fewer mean its end. Waits for them.
    [[nodiscard]] Result<std::uint64_t> bytesFrom(std::uint64_t offset, std::uint64_t want) const;
    /// Bytes from `offset`; fewer than asked for mean the end. An error if the file is shorter than it was.
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const;
    /// The first bytes, at most `size`; empty if they cannot be read.
    [[nodiscard]] std::string head(std::size_t size) const;
    /// How far a reader at `offset` has come, of 1.
    [[nodiscard]] double fractionAt(std::uint64_t offset) const;
    /// From here on the long holes of a sparse file are left out, and places are those of what remains. For text alone.
    void leaveOutHoles();
    /// Bytes of holes that were left out between two places.
    [[nodiscard]] std::uint64_t leftOut(std::uint64_t begin, std::uint64_t end) const {
        return m_pieces ? m_pieces->leftOut(begin, end) : 0;
    }
    /// The first byte from `offset` on that is not in a hole of the file.
    [[nodiscard]] std::uint64_t dataFrom(std::uint64_t offset) const;
    /// All that there is to read, with what was left out: what is said of the file's size.
    [[nodiscard]] std::uint64_t fileBytes() const { return size() + (m_pieces ? m_pieces->leftOut() : 0); }
    /// The bytes as a trace's text keeps them, for formats that are text. Null where the system has no descriptor left.
    [[nodiscard]] std::unique_ptr<const TextBytes> text() const;
    /// The same, giving up the file.
    [[nodiscard]] std::unique_ptr<const TextBytes> releaseText() { return m_pieces ? text() : fileText(releaseFile()); }
    /// What became of a file that another program is writing since it was last looked at; size() is up to date then.
    enum class Change {
        None,
        Grown,
        Shrunk,    ///< it was truncated: what was read of it is gone
        Replaced,  ///< its name is another file's by now, and this one has not grown: its writer has left it
        Removed,   ///< no file has its name, and this one has not grown
    };
    [[nodiscard]] Change look();
    /// A file as it lies on disk, which alone can be looked at; not a copy of a pipe or a compressed file.
    [[nodiscard]] bool isPlainFile() const { return m_spool == nullptr && !m_isOfParts; }
    /// Gives up the file, for the trace's source text. Of a whole file or a copy, as the next one.
    [[nodiscard]] FileHandle releaseFile() { return m_spool ? m_spool->releaseFile() : std::move(m_file); }
    /// Another handle of the same file; not open where the system has none left.
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
    std::unique_ptr<Spool> m_spool;              ///< null where the file itself is read
    std::shared_ptr<const PiecedFile> m_pieces;  ///< has the file where holes are left out, and the files of parts
    bool m_isOfParts = false;
    bool m_isCutShort = false;  ///< one of the parts is
};

}  // namespace alloclens
