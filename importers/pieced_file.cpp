// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/pieced_file.h"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace alloclens {
namespace {

constexpr std::uint64_t kShortestHole = std::uint64_t{1} << 20;
constexpr std::uint64_t kKept = 64;  // bytes of a hole that stay, so that the gap is visible
constexpr std::size_t kMostHoles = 100'000;

/// The end of the data that contains `offset`.
std::uint64_t holeFrom(const FileHandle& file, std::uint64_t offset, std::uint64_t size) {
    const auto hole = ::lseek(file.descriptor(), static_cast<off_t>(offset), SEEK_HOLE);
    return hole < 0 ? size : std::min(size, static_cast<std::uint64_t>(hole));
}

}  // namespace

std::uint64_t dataFrom(const FileHandle& file, std::uint64_t offset, std::uint64_t size) {
    if (offset >= size) return size;
    const auto data = ::lseek(file.descriptor(), static_cast<off_t>(offset), SEEK_DATA);
    if (data >= 0) return std::min(size, static_cast<std::uint64_t>(data));
    return errno == ENXIO ? size : offset;  // such a file system has no holes
}

bool hasLongHoles(const FileHandle& file) {
    constexpr std::uint64_t kBlock = 512;
    struct stat status {};
    if (::fstat(file.descriptor(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
    const auto size = static_cast<std::uint64_t>(status.st_size);
    return size >= kShortestHole && static_cast<std::uint64_t>(status.st_blocks) * kBlock <= size - kShortestHole;
}

void PiecedFile::addPiece(std::size_t file, std::uint64_t offset, std::uint64_t size, std::uint64_t leftOut) {
    m_pieces.push_back({m_size, file, offset, leftOut});
    m_size += size;
    m_leftOut += leftOut;
}

void PiecedFile::add(std::string path, FileHandle file, std::uint64_t size) {
    const std::size_t number = m_files.size();
    m_sources.push_back({std::move(path), m_size, 0, 0});
    std::uint64_t begin = 0;  // where the next piece begins
    if (hasLongHoles(file)) {
        std::uint64_t at = 0;
        for (std::size_t holes = 0; at < size && holes < kMostHoles; ++holes) {
            const std::uint64_t hole = holeFrom(file, at, size);
            const std::uint64_t data = dataFrom(file, hole, size);
            if (data - hole >= kShortestHole) {
                addPiece(number, begin, hole + kKept - begin, data - hole - kKept);
                begin = data;
            }
            at = std::max(data, at + 1);
        }
    }
    addPiece(number, begin, size - begin, 0);  // may be empty after a last hole; a writer may append to it
    m_files.push_back(std::move(file));
}

void PiecedFile::addNewline() { addPiece(kNewline, 0, 1, 0); }

std::uint64_t PiecedFile::leftOut(std::uint64_t begin, std::uint64_t end) const {
    if (m_leftOut == 0) return 0;
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < m_pieces.size() && m_pieces[i].begin < end; ++i) {
        const std::uint64_t pieceEnd = i + 1 < m_pieces.size() ? m_pieces[i + 1].begin : m_size;
        if (pieceEnd > begin && pieceEnd <= end) bytes += m_pieces[i].leftOut;
    }
    return bytes;
}

Result<std::size_t> PiecedFile::readAt(std::uint64_t offset, char* buffer, std::size_t size) const {
    auto piece = std::upper_bound(m_pieces.begin(), m_pieces.end(), offset,
                                  [](std::uint64_t at, const Piece& p) { return at < p.begin; });
    std::size_t done = 0;
    if (piece != m_pieces.begin()) --piece;
    for (; piece != m_pieces.end() && done < size; ++piece) {
        const std::uint64_t inside = offset + done - piece->begin;
        const bool isLast = piece + 1 == m_pieces.end();
        const std::uint64_t left = isLast ? size : (piece + 1)->begin - piece->begin - inside;
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size - done, left));
        if (piece->file == kNewline) {
            if (inside == 0) buffer[done++] = '\n';
            continue;
        }
        const auto got = m_files[piece->file].readAt(piece->offset + inside, buffer + done, wanted);
        if (!got) return got;
        done += *got;
        if (*got < wanted) break;
    }
    return done;
}

}  // namespace alloclens
