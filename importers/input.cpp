// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <utility>

#include "core/base/units.h"
#include "importers/archive.h"
#include "importers/unwrapper.h"

namespace alloclens {
namespace {

Error inputError(const std::string& path, std::string what, std::string advice) {
    return {ErrorKind::Input, std::move(what), path == "-" ? "standard input" : path, std::move(advice)};
}

Result<FileHandle> openFile(const std::string& path) {
    if (path == "-") return FileHandle(::dup(STDIN_FILENO));
    FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.isOpen()) return file;
    switch (errno) {
    case ENOENT: return inputError(path, "does not exist", "Check the name.");
    case ENXIO:
        return inputError(path, "is a socket, which cannot be read",
                          "Name a log file. 'alloclens-cli record' records what programs send to a socket.");
    case EMFILE:
    case ENFILE: return inputError(path, "cannot be opened: too many files are open", "Close other programs.");
    case EACCES: return inputError(path, "may not be read: permission denied", "Change its permissions or copy it.");
    default: return inputError(path, fmt::format("cannot be opened: {}", std::strerror(errno)), {});
    }
}

/// Devices that never end: /dev/zero, /dev/full, /dev/random, /dev/urandom.
bool isEndless(const struct stat& status) {
    constexpr unsigned kMemoryDevices = 1;
    const unsigned minor = minor(status.st_rdev);
    return S_ISCHR(status.st_mode) && major(status.st_rdev) == kMemoryDevices
           && (minor == 5 || minor == 7 || minor == 8 || minor == 9);
}

/// Fails if a copy ended before its first byte.
Result<void> checkNotEmpty(Spool& spool, const std::string& path) {
    const auto first = spool.bytesFrom(0, 1);
    if (!first) {
        Error error = first.error();
        if (error.where.empty() && error.kind != ErrorKind::Cancelled) error.where = path;
        return error;
    }
    if (*first > 0) return {};
    const UnwrapOutcome outcome = spool.outcome();
    if (!outcome.wasPacked) return inputError(path, "is empty", "Check that the server wrote to it.");
    return inputError(path,
                      outcome.cutShort ? "is a damaged compressed file; nothing can be read from it"
                                       : "is a compressed file without content",
                      "Copy or compress it again.");
}

/// An archive contains log lines, but with names, padding and other files between them.
Result<void> checkNotArchive(const Input& input) {
    const auto archive = archiveIn(input);
    if (!archive) return {};
    return Error{ErrorKind::Format, archive->what, input.path(), archive->advice};
}

}  // namespace

Result<Input> Input::open(const std::string& path, const TaskContext& task) {
    auto file = openFile(path);
    if (!file) return file.error();
    struct stat status {};
    if (::fstat(file->descriptor(), &status) != 0) return inputError(path, std::strerror(errno), {});
    if (S_ISDIR(status.st_mode)) return inputError(path, "is a directory", "Name a log file in it.");
    if (isEndless(status)) return inputError(path, "is a device that never ends", "Name a log file.");
    auto input = openText(path, std::move(*file), S_ISREG(status.st_mode) ? status.st_size : 0, task);
    if (!input) return input.error();
    if (const auto checked = checkNotArchive(*input); !checked) return checked.error();
    return input;
}

// Copies a file whose size the system does not know (/proc), as it copies a pipe.
Result<Input> Input::openText(const std::string& path, FileHandle file, std::int64_t size, const TaskContext& task) {
    std::string name = path == "-" ? "standard input" : path;
    if (size > 0 && ::lseek(file.descriptor(), 0, SEEK_CUR) == 0) {
        std::string head(kWrappingHeadBytes, '\0');
        const auto got = file.readAt(0, head.data(), head.size());
        if (!got) return inputError(path, got.error().what, {});
        head.resize(*got);
        if (wrappingOf(head).isNone()) return Input(std::move(name), std::move(file), static_cast<std::uint64_t>(size));
    }
    auto spool = Spool::start({std::move(file), static_cast<std::uint64_t>(size)}, task);
    if (!spool) {
        Error error = spool.error();
        if (error.where.empty()) error.where = name;
        return error;
    }
    if (const auto checked = checkNotEmpty(**spool, name); !checked) return checked.error();
    return Input(std::move(name), std::move(*spool));
}

std::uint64_t Input::size() const {
    if (!m_spool) return m_size;
    const auto whole = m_spool->size();
    return whole ? *whole : m_spool->written();
}

Result<std::uint64_t> Input::bytesFrom(std::uint64_t offset, std::uint64_t want) const {
    if (m_spool) return m_spool->bytesFrom(offset, want);
    return std::min(want, m_size - std::min(offset, m_size));
}

Result<std::size_t> Input::readAt(std::uint64_t offset, char* buffer, std::size_t size) const {
    const auto want = bytesFrom(offset, size);
    if (!want) return want.error();
    const auto bytes = static_cast<std::size_t>(*want);
    const auto got = m_pieces ? m_pieces->readAt(offset, buffer, bytes)
                              : (m_spool ? m_spool->file() : m_file).readAt(offset, buffer, bytes);
    if (!got) return inputError(m_path, got.error().what, {});
    if (*got < *want) {
        return inputError(m_path,
                          fmt::format("shrank from {} to {} bytes while it was being read", formatCount(sizeSoFar()),
                                      formatCount(offset + *got)),
                          "Wait until its writer is done, or copy it, and open it again.");
    }
    return got;
}

Input::Change Input::look() {
    struct stat status {};
    if (!isPlainFile() || ::fstat(file().descriptor(), &status) != 0) return Change::None;
    const std::uint64_t leftOut = m_pieces ? m_pieces->leftOut() : 0;
    const std::uint64_t size = static_cast<std::uint64_t>(status.st_size)
                               - std::min(leftOut, static_cast<std::uint64_t>(status.st_size));
    const std::uint64_t before = std::exchange(m_size, size);
    if (size != before) return size > before ? Change::Grown : Change::Shrunk;
    struct stat named {};
    if (::stat(m_path.c_str(), &named) != 0) return errno == ENOENT ? Change::Removed : Change::None;
    const bool isSame = named.st_dev == status.st_dev && named.st_ino == status.st_ino;
    return isSame ? Change::None : Change::Replaced;
}

Result<Input> Input::ofParts(std::vector<Input> parts, const std::vector<bool>& hasNewlines) {
    assert(!parts.empty() && parts.size() == hasNewlines.size());
    auto pieces = std::make_shared<PiecedFile>();
    bool isCutShort = false;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Input& part = parts[i];
        // A failed copy has fewer bytes than it says.
        const std::uint64_t size = part.size();
        if (const auto whole = part.bytesFrom(0, size + 1); !whole) return whole.error();
        isCutShort = isCutShort || part.isCutShort();
        pieces->add(part.path(), part.releaseFile(), size);
        if (hasNewlines[i]) pieces->addNewline();
    }
    const std::string name = parts.size() > 1 ? fmt::format("{} and {} more", parts.front().path(), parts.size() - 1)
                                              : parts.front().path();
    Input input(name, FileHandle(), pieces->size());
    input.m_pieces = std::move(pieces);
    input.m_isOfParts = true;
    input.m_isCutShort = isCutShort;
    return input;
}

void Input::leaveOutHoles() {
    if (m_spool || m_pieces || !hasLongHoles(m_file)) return;
    auto pieces = std::make_shared<PiecedFile>();
    pieces->add(m_path, std::move(m_file), m_size);
    m_size = pieces->size();
    m_pieces = std::move(pieces);
}

std::uint64_t Input::dataFrom(std::uint64_t offset) const {
    return m_spool || m_pieces ? offset : alloclens::dataFrom(m_file, offset, m_size);
}

namespace {

class PiecedText final : public TextBytes {
public:
    PiecedText(std::shared_ptr<const PiecedFile> pieces, bool isOfParts)
        : m_pieces(std::move(pieces)), m_isOfParts(isOfParts) {}
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const override {
        return m_pieces->readAt(offset, buffer, size);
    }
    [[nodiscard]] std::vector<SourceFile> files() const override {
        return m_isOfParts ? m_pieces->sources() : std::vector<SourceFile>();
    }

private:
    std::shared_ptr<const PiecedFile> m_pieces;
    bool m_isOfParts;
};

}  // namespace

std::unique_ptr<const TextBytes> Input::text() const {
    if (m_pieces) return std::make_unique<PiecedText>(m_pieces, m_isOfParts);
    FileHandle file = duplicateFile();
    return file.isOpen() ? fileText(std::move(file)) : nullptr;
}

std::string Input::head(std::size_t size) const {
    std::string bytes(size, '\0');
    const auto got = readAt(0, bytes.data(), bytes.size());
    bytes.resize(got ? *got : 0);
    return bytes;
}

double Input::fractionAt(std::uint64_t offset) const {
    if (m_spool) return m_spool->fraction();
    return m_size == 0 ? 1 : std::min(1.0, static_cast<double>(offset) / static_cast<double>(m_size));
}

}  // namespace alloclens
