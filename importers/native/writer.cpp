// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/writer.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "core/base/replace_file.h"
#include "core/base/units.h"
#include "importers/native/block_encoder.h"
#include "importers/native/columns.h"
#include "importers/native/format.h"
#include "importers/native/layout.h"

namespace alloclens::native {
namespace {

// A regular file that holds nothing: what is behind its end is the writer's to keep and to cut off.
bool isEmptyFile(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
}

/// Text that was given before its block, a piece of it not yet written.
struct PendingText {
    std::string piece;
    BlockText extent;
    std::uint64_t lines = 0;  ///< that begin in it
    bool isAtLineStart = true;

    void clear(std::uint64_t before) {
        piece.clear();
        extent = {};
        extent.before = before;
        lines = 0;
        isAtLineStart = true;
    }

    void count(std::string_view text) {
        const char* at = text.data();
        const char* const end = at + text.size();
        while (at < end) {
            if (isAtLineStart && lines++ % kLinesPerMark == 0) {
                extent.marks.push_back(extent.bytes + static_cast<std::uint64_t>(at - text.data()));
            }
            const auto* newline = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
            isAtLineStart = newline != nullptr;
            at = isAtLineStart ? newline + 1 : end;
        }
        extent.bytes += text.size();
        extent.endsInLine = !isAtLineStart;
    }
};

}  // namespace

struct Writer::State {
    struct FreeContext {
        void operator()(ZSTD_CCtx* freed) const { ZSTD_freeCCtx(freed); }
    };

    State(FileHandle handle, std::string name, int compressionLevel)
        : file(std::move(handle)), path(std::move(name)), level(compressionLevel), context(ZSTD_createCCtx()) {}

    FileHandle file;
    std::string path;
    int level;
    bool keepsRoom = true;  ///< for the end
    bool isOwnFile = true;  ///< else a pipe, a device or a file that held something: written to, never cut
    std::unique_ptr<ZSTD_CCtx, FreeContext> context;
    BlockEncoder encoder;
    std::string payload;
    std::string packed;
    std::string out;                ///< what the next write gives to the system
    std::vector<BlockPlace> added;  ///< the blocks in it
    std::vector<BlockPlace> blocks;
    PendingText text;
    std::uint64_t bytes = 0;
    std::uint64_t textBytes = 0;  ///< in the file and in `out`
    std::uint64_t events = 0;
    std::uint64_t lines = 0;

    [[nodiscard]] BlockHeader headerOf(BlockType type) const {
        BlockHeader header;
        header.type = static_cast<std::uint8_t>(type);
        header.first = type == BlockType::Text ? textBytes : events;
        header.line = static_cast<std::uint32_t>(lines);
        return header;
    }

    // Appends a block to `out`, packed where that makes it smaller.
    void add(BlockHeader header, std::string_view raw) {
        packed.resize(ZSTD_compressBound(raw.size()));
        const std::size_t size = ZSTD_compressCCtx(context.get(), packed.data(), packed.size(), raw.data(), raw.size(),
                                                   level);
        const bool pays = ZSTD_isError(size) == 0 && size < raw.size();
        const std::string_view stored = pays ? std::string_view(packed).substr(0, size) : raw;
        header.compression = static_cast<std::uint8_t>(pays ? Compression::Zstd : Compression::None);
        header.rawBytes = static_cast<std::uint32_t>(raw.size());
        header.storedBytes = static_cast<std::uint32_t>(stored.size());
        header.payloadSum = checksum(stored);
        added.push_back({bytes + out.size(), header});
        put(out, header);
        out += stored;
    }

    void addTextPiece(std::string_view piece) {
        add(headerOf(BlockType::Text), piece);
        textBytes += piece.size();
    }

    // Cuts text into pieces; what is left of the last one waits for more.
    void takeText(std::string_view more) {
        text.count(more);
        if (!text.piece.empty()) {
            const std::size_t rest = std::min(kTextPieceBytes - text.piece.size(), more.size());
            text.piece += more.substr(0, rest);
            more.remove_prefix(rest);
            if (text.piece.size() < kTextPieceBytes) return;
            addTextPiece(text.piece);
            text.piece.clear();
        }
        for (; more.size() >= kTextPieceBytes; more.remove_prefix(kTextPieceBytes)) {
            addTextPiece(more.substr(0, kTextPieceBytes));
        }
        text.piece = more;
    }

    // Reserves room for a last block, a note, index and trailer before each block, so that they fit on a disk that the
    // block fills.
    [[nodiscard]] int reserve() const {
        constexpr std::uint64_t kIndexBytesABlock = 24;
        constexpr std::uint64_t kEndBytes = std::uint64_t{32} << 10;
        const std::uint64_t index = (blocks.size() + added.size()) * kIndexBytesABlock + kEndBytes;
        if (::fallocate(file.descriptor(), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(bytes),
                        static_cast<off_t>(out.size() + index))
            == 0) {
            return 0;
        }
        return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? errno : 0;
    }

    // All of `out` or nothing.
    [[nodiscard]] Result<void> flush() {
        int failure = keepsRoom && isOwnFile ? reserve() : 0;
        std::size_t done = 0;
        while (failure == 0 && done < out.size()) {
            const ssize_t wrote = ::write(file.descriptor(), out.data() + done, out.size() - done);
            if (wrote > 0) done += static_cast<std::size_t>(wrote);
            if (wrote == 0) failure = EIO;
            if (wrote < 0 && errno != EINTR) failure = errno;
        }
        if (failure == 0) {
            bytes += out.size();
            blocks.insert(blocks.end(), added.begin(), added.end());
        } else if (done > 0 && isOwnFile) {
            // A torn block would be found and left out by its checksum; better it is not there.
            if (::ftruncate(file.descriptor(), static_cast<off_t>(bytes)) == 0) {
                (void)::lseek(file.descriptor(), static_cast<off_t>(bytes), SEEK_SET);
            }
        }
        out.clear();
        added.clear();
        if (failure != 0) return writeFailure(path, failure);
        return {};
    }

    [[nodiscard]] Result<void> check(const Block& block) const {
        const auto refuse = [this](std::string what) { return Error{ErrorKind::Output, std::move(what), path, {}}; };
        if (block.events.size() > kMostEvents || block.lines > kMostLines || block.facts.size() > kMostEvents) {
            return refuse(fmt::format("a block of {} and {} is too large for the format",
                                      formatQuantity(block.events.size(), "event"),
                                      formatQuantity(block.lines, "line")));
        }
        if (text.extent.bytes > 0 && text.lines != block.lines) {
            return refuse(fmt::format("a block of {} has the text of {}", formatQuantity(block.lines, "line"),
                                      formatQuantity(text.lines, "line")));
        }
        if (lines + block.lines >= EventId::kNoneValue || events + block.events.size() >= EventId::kNoneValue) {
            return refuse("would have more than 4,294,967,294 lines, the largest number that AllocLens supports");
        }
        return {};
    }

    [[nodiscard]] Result<void> writeBlock(const Block& block) {
        takeText(block.text);
        if (!text.piece.empty()) addTextPiece(text.piece);
        Result<void> done = check(block);
        if (done) {
            encoder.encode(block, text.extent, payload);
            if (payload.size() > kMostPayloadBytes) {
                done = Error{
                    ErrorKind::Output, "a block has more text in its diagnostics than the format allows", path, {}};
            }
        }
        if (done) {
            BlockHeader header = headerOf(BlockType::Events);
            header.events = static_cast<std::uint32_t>(block.events.size());
            header.lines = block.lines;
            add(header, payload);
            done = flush();
        }
        if (done) {
            events += block.events.size();
            lines += block.lines;
        } else {
            out.clear();
            added.clear();
        }
        text.clear(textBytes);
        return done;
    }

    void addIndex() {
        payload.clear();
        ColumnWriter columns(payload);
        const auto column = [&](ColumnId id, auto valueOf) {
            columns.rows(id, blocks.size(), [&](std::size_t i) { return valueOf(blocks[i]); });
        };
        column(ColumnId::BlockOffset, [](const BlockPlace& block) { return block.offset; });
        column(ColumnId::BlockKind, [](const BlockPlace& block) { return std::uint64_t{block.header.type}; });
        column(ColumnId::BlockStored, [](const BlockPlace& block) { return block.header.storedBytes; });
        column(ColumnId::BlockRaw, [](const BlockPlace& block) { return block.header.rawBytes; });
        column(ColumnId::BlockEvents, [](const BlockPlace& block) { return block.header.events; });
        column(ColumnId::BlockFirst, [](const BlockPlace& block) { return block.header.first; });
        column(ColumnId::BlockLine, [](const BlockPlace& block) { return block.header.line; });
        column(ColumnId::BlockLines, [](const BlockPlace& block) { return block.header.lines; });
        if (payload.size() > kMostPayloadBytes) return;  // beyond terabytes: it opens without
        const std::uint64_t offset = bytes;
        add(headerOf(BlockType::Index), payload);
        put(out, Trailer{offset, offset + out.size() + kTrailerBytes});
    }
};

Writer::Writer(std::unique_ptr<State> state) : m_state(std::move(state)) {}
Writer::Writer(Writer&& other) noexcept = default;
Writer& Writer::operator=(Writer&& other) noexcept = default;
Writer::~Writer() = default;

Result<Writer> Writer::create(const std::string& path, const Description& description, bool replace, int level) {
    struct stat status {};
    const bool exists = ::stat(path.c_str(), &status) == 0;
    const bool isFile = exists && S_ISREG(status.st_mode);
    if (isFile && !replace) {
        return Error{ErrorKind::Output, "exists", path, "Choose another name, or allow it to be replaced."};
    }
    if (isFile && ::unlink(path.c_str()) != 0) return writeFailure(path, errno);
    constexpr mode_t kEveryone = 0666;
    const int flags = O_WRONLY | O_CLOEXEC | (exists && !isFile ? 0 : O_CREAT | O_EXCL);
    FileHandle file(::open(path.c_str(), flags, kEveryone));
    if (!file.isOpen()) return writeFailure(path, errno);
    return create(std::move(file), path, description, level);
}

Result<Writer> Writer::create(FileHandle file, const std::string& path, const Description& description, int level) {
    auto state = std::make_unique<State>(std::move(file), path, level);
    if (!state->context) return writeFailure(path, ENOMEM);
    state->isOwnFile = isEmptyFile(state->file.descriptor());
    put(state->out,
        FileHeader{kMajorVersion, description.mayHaveAttributes ? kMinorVersionWithAttributes : kMinorVersion});
    state->add(state->headerOf(BlockType::Description), descriptionText(description));
    if (const auto done = state->flush(); !done) return done.error();
    return Writer(std::move(state));
}

Result<Writer> Writer::append(const std::string& path, int level) {
    FileHandle file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (!file.isOpen()) return writeFailure(path, errno);
    struct stat status {};
    if (::fstat(file.descriptor(), &status) != 0) return writeFailure(path, errno);
    const ReadBytes read = [&file](std::uint64_t offset, char* buffer, std::size_t size) {
        return file.readAt(offset, buffer, size);
    };
    auto layout = readLayout(read, static_cast<std::uint64_t>(status.st_size), path);
    if (!layout) return layout.error();
    auto state = std::make_unique<State>(std::move(file), path, level);
    if (!state->context) return writeFailure(path, ENOMEM);
    state->bytes = kFileHeaderBytes;
    for (const BlockPlace& block : layout->blocks) {
        const auto type = static_cast<BlockType>(block.header.type);
        state->blocks.push_back(block);
        if (type == BlockType::Text) {
            state->textBytes = block.header.first + block.header.rawBytes;
            continue;  // complete with the events block behind it
        }
        state->bytes = block.end();
        if (type != BlockType::Events) continue;
        state->events = block.header.first + block.header.events;
        state->lines = std::uint64_t{block.header.line} + block.header.lines;
    }
    while (!state->blocks.empty() && state->blocks.back().end() > state->bytes) state->blocks.pop_back();
    state->text.clear(state->textBytes);
    const auto end = static_cast<off_t>(state->bytes);
    if (::ftruncate(state->file.descriptor(), end) != 0) return writeFailure(path, errno);
    if (::lseek(state->file.descriptor(), end, SEEK_SET) < 0) return writeFailure(path, errno);
    return Writer(std::move(state));
}

Result<void> Writer::write(const Block& block) { return m_state->writeBlock(block); }

Result<void> Writer::addText(std::string_view text) {
    constexpr std::size_t kMostHeld = std::size_t{8} << 20;
    m_state->takeText(text);
    return m_state->out.size() < kMostHeld ? Result<void>() : m_state->flush();
}

Result<void> Writer::note(std::string_view json) {
    if (json.size() > kMostPayloadBytes) {
        return Error{ErrorKind::Output, "a note is too long for the format", m_state->path, {}};
    }
    // Text that waits for its block stays: it must follow the blocks before it.
    if (const auto done = m_state->flush(); !done) return done;
    m_state->add(m_state->headerOf(BlockType::Note), json);
    return m_state->flush();
}

void Writer::useKeptRoom() { m_state->keepsRoom = false; }

Result<void> Writer::finish() {
    useKeptRoom();
    m_state->addIndex();
    if (const auto done = m_state->flush(); !done) return done;
    if (!m_state->isOwnFile) return {};
    const int descriptor = m_state->file.descriptor();
    // Gives back the room that was kept.
    if (::ftruncate(descriptor, static_cast<off_t>(m_state->bytes)) != 0 || ::fsync(descriptor) != 0) {
        return writeFailure(m_state->path, errno);
    }
    return {};
}

std::uint64_t Writer::bytes() const { return m_state->bytes; }
std::uint64_t Writer::events() const { return m_state->events; }

}  // namespace alloclens::native
