// SPDX-License-Identifier: GPL-3.0-or-later
//
// One text made of pieces of files: a sparse file without its holes, which may be longer than a disk, or the parts of a
// rotated log. Filled once, then any number of threads may read. Owns the files.
//
//     file   "line 1\n" and 2 MiB - 7 bytes of hole, then "line 2\n"
//     text   "line 1\n", 64 zeros, "line 2\n"
//     piece  begin 0, offset 0, leftOut 2 MiB - 71;  begin 71, offset 2 MiB, leftOut 0
#pragma once

#include <cassert>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/trace/source_text.h"

namespace alloclens {

class PiecedFile {
public:
    /// Appends the first `size` bytes of `file`. Shortens holes of 1 MiB or more to 64 bytes. `path` names the file if
    /// there are several.
    void add(std::string path, FileHandle file, std::uint64_t size);
    /// Appends a newline, after a part whose last line lacks it.
    void addNewline();

    [[nodiscard]] std::uint64_t size() const { return m_size; }
    /// Bytes of holes left out, of the whole text or between two offsets of it.
    [[nodiscard]] std::uint64_t leftOut() const { return m_leftOut; }
    [[nodiscard]] std::uint64_t leftOut(std::uint64_t begin, std::uint64_t end) const;

    /// As FileHandle::readAt. Offsets from size() on are what the last file has got since.
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const;

    [[nodiscard]] const FileHandle& lastFile() const {
        assert(!m_files.empty());
        return m_files.back();
    }
    /// The path of each file and where it begins in the text.
    [[nodiscard]] const std::vector<SourceFile>& sources() const { return m_sources; }

private:
    struct Piece {
        std::uint64_t begin;    ///< offset in the text
        std::size_t file;       ///< row of m_files, or kNewline
        std::uint64_t offset;   ///< offset in the file
        std::uint64_t leftOut;  ///< bytes of the hole that follows
    };
    static constexpr std::size_t kNewline = static_cast<std::size_t>(-1);

    void addPiece(std::size_t file, std::uint64_t offset, std::uint64_t size, std::uint64_t leftOut);

    std::vector<FileHandle> m_files;
    std::vector<SourceFile> m_sources;
    std::vector<Piece> m_pieces;
    std::uint64_t m_size = 0;
    std::uint64_t m_leftOut = 0;
};

/// Whether the holes of the file add up to 1 MiB or more.
[[nodiscard]] bool hasLongHoles(const FileHandle& file);
/// The first offset from `offset` on that is not in a hole; `size` if there is none.
[[nodiscard]] std::uint64_t dataFrom(const FileHandle& file, std::uint64_t offset, std::uint64_t size);

}  // namespace alloclens
