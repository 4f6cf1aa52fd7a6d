// SPDX-License-Identifier: GPL-3.0-or-later
//
// One text out of pieces of files: of a sparse file without its holes, which may be longer than a disk, or of the parts
// of a rotated log. Made once, then read by any number of threads. Owns the files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/trace/source_text.h"

namespace alloclens {

class PiecedFile {
public:
    /// Appends what `file` has from its beginning, `size` bytes; no longer holes than 64 bytes. `path` names the file
    /// where there are several.
    void add(std::string path, FileHandle file, std::uint64_t size);
    /// Appends the end of a line.
    void addNewline();

    [[nodiscard]] std::uint64_t size() const { return m_size; }
    /// Bytes of holes that are left out, in all and of those between two places of the text.
    [[nodiscard]] std::uint64_t leftOut() const { return m_leftOut; }
    [[nodiscard]] std::uint64_t leftOut(std::uint64_t begin, std::uint64_t end) const;

    /// As FileHandle::readAt. Beyond size() lies what was appended to the last file since.
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const;

    [[nodiscard]] const FileHandle& lastFile() const { return m_files.back(); }
    /// Paths and beginnings.
    [[nodiscard]] const std::vector<SourceFile>& sources() const { return m_sources; }

private:
    struct Piece {
        std::uint64_t begin;    ///< in the text
        std::size_t file;       ///< number, or kNewline
        std::uint64_t offset;   ///< in the file
        std::uint64_t leftOut;  ///< bytes of a hole after it
    };
    static constexpr std::size_t kNewline = static_cast<std::size_t>(-1);

    void addPiece(std::size_t file, std::uint64_t offset, std::uint64_t size, std::uint64_t leftOut);

    std::vector<FileHandle> m_files;
    std::vector<SourceFile> m_sources;
    std::vector<Piece> m_pieces;
    std::uint64_t m_size = 0;
    std::uint64_t m_leftOut = 0;
};

/// Whether the system says that a file has holes which are long enough to be left out.
[[nodiscard]] bool hasLongHoles(const FileHandle& file);
/// The first byte of a file from `offset` on that is not in a hole; `size` where there is none.
[[nodiscard]] std::uint64_t dataFrom(const FileHandle& file, std::uint64_t offset, std::uint64_t size);

}  // namespace alloclens
