// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/layout.h"

#include <fmt/format.h>

#include "importers/native/columns.h"
#include "importers/native/layout_walk.h"

namespace alloclens::native {
namespace {

class LayoutReader {
public:
    LayoutReader(const ReadBytes& read, std::uint64_t fileBytes, const std::string& path)
        : m_read(read), m_fileBytes(fileBytes), m_path(path), m_window(read, fileBytes) {}

    [[nodiscard]] Result<Layout> run() {
        if (const auto begun = readFileHeader(m_read, m_fileBytes, m_path, m_layout); !begun) return begun.error();
        const auto byIndex = readIndex();
        if (!byIndex) return byIndex.error();
        if (*byIndex) return std::move(m_layout);
        m_layout.blocks.clear();
        LayoutWalk walk(std::move(m_layout));
        if (const auto walked = walk.goOn(m_read, m_fileBytes); !walked) return walked.error();
        return std::move(walk.layout());
    }

private:
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
                "the index " + (payload->damage.empty() ? "is invalid" : payload->damage));
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

    const ReadBytes& m_read;
    std::uint64_t m_fileBytes;
    const std::string& m_path;
    FileWindow m_window;
    Layout m_layout;
};

}  // namespace

bool looksNative(std::string_view head) {
    if (head.starts_with(kFileMagic)) return true;
    return head.size() >= kFileHeaderBytes + kBlockHeaderBytes && takeBlockHeader(head.substr(kFileHeaderBytes));
}

Result<void> readFileHeader(const ReadBytes& read, std::uint64_t fileBytes, const std::string& path, Layout& layout) {
    FileWindow window(read, fileBytes);
    const auto head = window.at(0, kFileHeaderBytes + kBlockHeaderBytes);
    if (!head) return head.error();
    if (head->size() < kFileHeaderBytes || !looksNative(*head)) {
        return Error{ErrorKind::Format, "is not a trace of AllocLens", path, {}};
    }
    const auto header = takeFileHeader(*head);
    if (!header || !head->starts_with(kFileMagic)) {
        layout.damage.push_back({0, kFileHeaderBytes, "the file's header does not match its checksum"});
    } else if (header->major > kMajorVersion) {
        return Error{ErrorKind::Format,
                     fmt::format("was written by a newer AllocLens (format {}.{}); this one reads {}.x", header->major,
                                 header->minor, kMajorVersion),
                     path, "Use a newer AllocLens."};
    }
    return {};
}

Result<Layout> readLayout(const ReadBytes& read, std::uint64_t fileBytes, const std::string& path) {
    return LayoutReader(read, fileBytes, path).run();
}

}  // namespace alloclens::native
