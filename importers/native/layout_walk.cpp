// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/layout_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/units.h"

namespace alloclens::native {

Result<std::string_view> FileWindow::at(std::uint64_t offset, std::size_t size) {
    if (offset < m_begin || offset + size > m_begin + m_bytes.size()) {
        if (offset >= m_fileBytes) return std::string_view();
        // Headers may lie far apart, and then what is between them is not read for nothing.
        const std::size_t want = size > kBlockHeaderBytes ? kBytes : kFewBytes;
        m_begin = offset;
        m_bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(want, m_fileBytes - offset)));
        const auto got = m_read(offset, m_bytes.data(), m_bytes.size());
        if (!got) return got.error();
        m_bytes.resize(*got);
    }
    return std::string_view(m_bytes).substr(static_cast<std::size_t>(offset - m_begin), size);
}

Result<std::string_view> FileWindow::stretchAt(std::uint64_t offset) {
    const std::uint64_t end = m_begin + m_bytes.size();
    const bool isAtHand = offset >= m_begin && offset < end && (end - offset > kBlockHeaderBytes || end == m_fileBytes);
    return at(offset, isAtHand ? static_cast<std::size_t>(end - offset) : kBytes);
}

LayoutWalk::LayoutWalk(Layout known) : m_layout(std::move(known)), m_damageBefore(m_layout.damage.size()) {
    if (!m_layout.blocks.empty()) m_at = m_layout.blocks.back().end();
}

Result<void> LayoutWalk::goOn(const ReadBytes& read, std::uint64_t fileBytes) {
    FileWindow window(read, fileBytes);
    m_layout.isFinished = false;
    m_layout.damage.resize(m_damageBefore);
    std::uint64_t at = m_at;
    bool hasIndex = false;  // right before `at`
    while (at < fileBytes) {
        const auto head = window.at(at, kBlockHeaderBytes);
        if (!head) return head.error();
        const auto header = head->size() == kBlockHeaderBytes ? takeBlockHeader(*head) : std::nullopt;
        if (header) {
            const BlockPlace place{at, *header};
            if (place.end() > fileBytes) break;  // its payload is not all there
            at = place.end();
            hasIndex = place.is(BlockType::Index);
            if (hasIndex) continue;
            m_layout.blocks.push_back(place);
            m_at = at;
            continue;
        }
        const auto next = nextBlock(window, std::max(at + 1, m_searched), fileBytes);
        if (!next) return next.error();
        if (*next == fileBytes) {
            m_searched = std::max(at + 1, fileBytes - std::min<std::uint64_t>(fileBytes, kBlockHeaderBytes - 1));
            break;
        }
        m_layout.damage.push_back({at, *next - at, "no block can be read here"});
        m_damageBefore = m_layout.damage.size();
        at = *next;
        m_at = at;
        hasIndex = false;
    }
    return readEnd(window, at, fileBytes, hasIndex);
}

// What is behind the last block that can be read: the end of a finished file, as far as it is whole, or of another.
Result<void> LayoutWalk::readEnd(FileWindow& window, std::uint64_t at, std::uint64_t fileBytes, bool hasIndex) {
    const std::uint64_t behind = fileBytes - std::min(at, fileBytes);
    m_layout.bytesBehind = behind;
    if (behind < kTrailerBytes) return {};
    const auto bytes = window.at(fileBytes - kTrailerBytes, kTrailerBytes);
    if (!bytes) return bytes.error();
    const auto trailer = bytes->size() == kTrailerBytes ? takeTrailer(*bytes) : std::nullopt;
    if (trailer && trailer->fileBytes == fileBytes) {
        if (behind > kTrailerBytes)
            m_layout.damage.push_back({at, behind - kTrailerBytes, "no block can be read here"});
    } else if (hasIndex && behind == kTrailerBytes) {
        m_layout.damage.push_back({at, behind,
                                   trailer ? fmt::format("the trailer names another size of the file: {}",
                                                         formatQuantity(trailer->fileBytes, "byte"))
                                           : "the trailer does not match its checksum"});
    } else {
        return {};
    }
    m_layout.isFinished = true;
    m_layout.bytesBehind = 0;
    return {};
}

// The next place where a block's header stands, or the file's end.
Result<std::uint64_t> LayoutWalk::nextBlock(FileWindow& window, std::uint64_t from, std::uint64_t fileBytes) const {
    while (from < fileBytes) {
        const auto piece = window.stretchAt(from);
        if (!piece) return piece.error();
        if (piece->empty()) break;  // the file has become shorter
        const std::string_view bytes = *piece;
        for (std::size_t at = bytes.find(kBlockMagic); at != std::string_view::npos;
             at = bytes.find(kBlockMagic, at + 1)) {
            if (bytes.size() - at < kBlockHeaderBytes) break;
            if (takeBlockHeader(bytes.substr(at))) return from + at;
        }
        if (from + bytes.size() >= fileBytes || bytes.size() < kBlockHeaderBytes) break;
        from += bytes.size() - kBlockHeaderBytes + 1;
    }
    return fileBytes;
}

}  // namespace alloclens::native
