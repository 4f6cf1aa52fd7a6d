// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/layout.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/units.h"
#include "importers/native/columns.h"

namespace alloclens::native {
namespace {

/// Gets small pieces of a file without a call to the system for each.
class Window {
public:
    Window(const ReadBytes& read, std::uint64_t fileBytes) : m_read(read), m_fileBytes(fileBytes) {}

    /// The bytes from `offset`, `size` of them or as many as the file has; `size` is at most kBytes.
    [[nodiscard]] Result<std::string_view> at(std::uint64_t offset, std::size_t size) {
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

    /// As many bytes from `offset` as are at hand, more than a header or all that the file has.
    [[nodiscard]] Result<std::string_view> stretchAt(std::uint64_t offset) {
        const std::uint64_t end = m_begin + m_bytes.size();
        const bool isAtHand = offset >= m_begin && offset < end
                              && (end - offset > kBlockHeaderBytes || end == m_fileBytes);
        return at(offset, isAtHand ? static_cast<std::size_t>(end - offset) : kBytes);
    }

private:
    static constexpr std::size_t kBytes = std::size_t{1} << 20;
    static constexpr std::size_t kFewBytes = 4096;
    const ReadBytes& m_read;
    std::uint64_t m_fileBytes;
    std::uint64_t m_begin = 0;
    std::string m_bytes;
};

class LayoutReader {
public:
    LayoutReader(const ReadBytes& read, std::uint64_t fileBytes, const std::string& path)
        : m_read(read), m_fileBytes(fileBytes), m_path(path), m_window(read, fileBytes) {}

    [[nodiscard]] Result<Layout> run() {
        if (const auto begun = readFileHeader(); !begun) return begun.error();
        const auto byIndex = readIndex();
        if (!byIndex) return byIndex.error();
        if (*byIndex) return std::move(m_layout);
        m_layout.blocks.clear();
        if (const auto walked = walk(); !walked) return walked.error();
        return std::move(m_layout);
    }

private:
    [[nodiscard]] Result<void> readFileHeader() {
        const auto head = m_window.at(0, kFileHeaderBytes + kBlockHeaderBytes);
        if (!head) return head.error();
        if (head->size() < kFileHeaderBytes || !looksNative(*head)) {
            return Error{ErrorKind::Format, "is no trace of AllocLens", m_path, {}};
        }
        const auto header = takeFileHeader(*head);
        if (!header || !head->starts_with(kFileMagic)) {
            m_layout.damage.push_back({0, kFileHeaderBytes, "the file's header does not match its checksum"});
        } else if (header->major > kMajorVersion) {
            return Error{ErrorKind::Format,
                         fmt::format("was written by a newer AllocLens (format {}.{}); this one reads {}.x",
                                     header->major, header->minor, kMajorVersion),
                         m_path, "Use the newer AllocLens."};
        }
        return {};
    }

    void damaged(std::uint64_t offset, std::uint64_t bytes, std::string what) {
        m_layout.damage.push_back({offset, bytes, std::move(what)});
    }

    // False where there is none that can be used.
    [[nodiscard]] Result<bool> readIndex() {
        if (m_fileBytes < kFileHeaderBytes + kBlockHeaderBytes + kTrailerBytes) return false;
        const auto bytes = m_window.at(m_fileBytes - kTrailerBytes, kTrailerBytes);
        if (!bytes) return bytes.error();
        const auto trailer = bytes->size() == kTrailerBytes ? takeTrailer(*bytes) : std::nullopt;
        if (!trailer || trailer->fileBytes != m_fileBytes) return false;
        BlockPlace place;
        place.offset = trailer->indexOffset;
        const std::uint64_t most = m_fileBytes - kTrailerBytes - kBlockHeaderBytes;
        if (place.offset > most) return false;
        const auto head = m_window.at(place.offset, kBlockHeaderBytes);
        if (!head) return head.error();
        const auto header = head->size() == kBlockHeaderBytes ? takeBlockHeader(*head) : std::nullopt;
        if (!header) return false;
        place.header = *header;
        if (!place.is(BlockType::Index) || place.end() != m_fileBytes - kTrailerBytes) return false;
        PayloadBuffers buffers;
        const auto payload = readPayload(m_read, place, buffers);
        if (!payload) return payload.error();
        if (payload->damage.empty() && takeEntries(payload->bytes, place)) {
            m_layout.isFinished = true;
            return true;
        }
        damaged(place.offset, place.end() - place.offset,
                "the index " + (payload->damage.empty() ? "makes no sense" : payload->damage));
        return false;
    }

    [[nodiscard]] bool takeEntries(std::string_view payload, const BlockPlace& index) {
        const auto columns = ColumnReader::open(payload);
        if (!columns) return false;
        const std::size_t count = columns->count(ColumnId::BlockOffset);
        // As many blocks as the file has room for.
        if (count > index.offset / kBlockHeaderBytes) return false;
        m_layout.blocks.resize(count);
        std::vector<std::uint64_t> rows;
        const auto take = [&](ColumnId id, auto&& set) {
            if (!columns->numbers(id, count, rows)) return false;
            for (std::size_t i = 0; i < count; ++i) set(m_layout.blocks[i], rows[i]);
            return true;
        };
        const auto narrow = [](std::uint64_t row) { return static_cast<std::uint32_t>(row); };
        using Place = BlockPlace;
        const bool isWhole =
            take(ColumnId::BlockOffset, [](Place& block, std::uint64_t row) { block.offset = row; })
            && take(ColumnId::BlockKind,
                    [](Place& block, std::uint64_t row) { block.header.type = static_cast<std::uint8_t>(row); })
            && take(ColumnId::BlockStored,
                    [&](Place& block, std::uint64_t row) { block.header.storedBytes = narrow(row); })
            && take(ColumnId::BlockRaw, [&](Place& block, std::uint64_t row) { block.header.rawBytes = narrow(row); })
            && take(ColumnId::BlockEvents, [&](Place& block, std::uint64_t row) { block.header.events = narrow(row); })
            && take(ColumnId::BlockFirst, [](Place& block, std::uint64_t row) { block.header.first = row; })
            && take(ColumnId::BlockLine, [&](Place& block, std::uint64_t row) { block.header.line = narrow(row); })
            && take(ColumnId::BlockLines, [&](Place& block, std::uint64_t row) { block.header.lines = narrow(row); });
        return isWhole && areInOrder(index);
    }

    // Blocks lie behind each other, and none of them is left out: where there is no gap, events are counted through.
    [[nodiscard]] bool areInOrder(const BlockPlace& index) {
        const std::size_t known = m_layout.damage.size();
        std::uint64_t at = kFileHeaderBytes;
        std::uint64_t events = 0;
        bool areCounted = true;
        bool isRight = true;
        const auto skipTo = [&](std::uint64_t offset) {
            if (offset == at) return;
            damaged(at, offset - at, "no block can be read here");
            areCounted = false;
        };
        for (const BlockPlace& block : m_layout.blocks) {
            isRight = isRight && block.offset >= at && block.offset <= index.offset && block.end() <= index.offset
                      && isWithinLimits(block.header);
            if (!isRight) break;
            skipTo(block.offset);
            at = block.end();
            if (!block.is(BlockType::Events)) continue;
            isRight = !areCounted || block.header.first == events;
            events = block.header.first + block.header.events;
            areCounted = true;
        }
        if (isRight) skipTo(index.offset);
        isRight = isRight && (!areCounted || index.header.first == events);
        if (!isRight) m_layout.damage.resize(known);
        return isRight;
    }

    [[nodiscard]] Result<void> walk() {
        std::uint64_t at = kFileHeaderBytes;
        bool hasIndex = false;  // right before `at`
        while (at < m_fileBytes) {
            const auto head = m_window.at(at, kBlockHeaderBytes);
            if (!head) return head.error();
            const auto header = head->size() == kBlockHeaderBytes ? takeBlockHeader(*head) : std::nullopt;
            if (header) {
                const BlockPlace place{at, *header};
                if (place.end() > m_fileBytes) break;  // its payload is not all there
                hasIndex = place.is(BlockType::Index);
                if (!hasIndex) m_layout.blocks.push_back(place);
                at = place.end();
                continue;
            }
            const auto next = nextBlock(at + 1);
            if (!next) return next.error();
            if (*next == m_fileBytes) break;
            damaged(at, *next - at, "no block can be read here");
            at = *next;
            hasIndex = false;
        }
        return readEnd(at, hasIndex);
    }

    // What is behind the last block that can be read: the end of a finished file, as far as it is whole, or of another.
    [[nodiscard]] Result<void> readEnd(std::uint64_t at, bool hasIndex) {
        const std::uint64_t behind = m_fileBytes - std::min(at, m_fileBytes);
        m_layout.bytesBehind = behind;
        if (behind < kTrailerBytes) return {};
        const auto bytes = m_window.at(m_fileBytes - kTrailerBytes, kTrailerBytes);
        if (!bytes) return bytes.error();
        const auto trailer = bytes->size() == kTrailerBytes ? takeTrailer(*bytes) : std::nullopt;
        if (trailer && trailer->fileBytes == m_fileBytes) {
            if (behind > kTrailerBytes) damaged(at, behind - kTrailerBytes, "no block can be read here");
        } else if (hasIndex && behind == kTrailerBytes) {
            damaged(at, behind,
                    trailer
                        ? fmt::format("the trailer tells of a file of {}", formatQuantity(trailer->fileBytes, "byte"))
                        : "the trailer does not match its checksum");
        } else {
            return {};
        }
        m_layout.isFinished = true;
        m_layout.bytesBehind = 0;
        return {};
    }

    // The next place where a block's header stands, or the file's end.
    [[nodiscard]] Result<std::uint64_t> nextBlock(std::uint64_t from) {
        while (from < m_fileBytes) {
            const auto piece = m_window.stretchAt(from);
            if (!piece) return piece.error();
            if (piece->empty()) break;  // the file has become shorter
            const std::string_view bytes = *piece;
            for (std::size_t at = bytes.find(kBlockMagic); at != std::string_view::npos;
                 at = bytes.find(kBlockMagic, at + 1)) {
                if (bytes.size() - at < kBlockHeaderBytes) break;
                if (takeBlockHeader(bytes.substr(at))) return from + at;
            }
            if (from + bytes.size() >= m_fileBytes || bytes.size() < kBlockHeaderBytes) break;
            from += bytes.size() - kBlockHeaderBytes + 1;
        }
        return m_fileBytes;
    }

    const ReadBytes& m_read;
    std::uint64_t m_fileBytes;
    const std::string& m_path;
    Window m_window;
    Layout m_layout;
};

}  // namespace

bool looksNative(std::string_view head) {
    if (head.starts_with(kFileMagic)) return true;
    return head.size() >= kFileHeaderBytes + kBlockHeaderBytes && takeBlockHeader(head.substr(kFileHeaderBytes));
}

Result<Layout> readLayout(const ReadBytes& read, std::uint64_t fileBytes, const std::string& path) {
    return LayoutReader(read, fileBytes, path).run();
}

}  // namespace alloclens::native
