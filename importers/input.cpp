// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "core/base/units.h"
#include "importers/decompress.h"

namespace alloclens {
namespace {

constexpr std::size_t kMagicBytes = 4;

Error inputError(const std::string& path, std::string what, std::string advice) {
    return {ErrorKind::Input, std::move(what), path == "-" ? "standard input" : path, std::move(advice)};
}

Result<FileHandle> openFile(const std::string& path) {
    if (path == "-") return FileHandle(::dup(STDIN_FILENO));
    FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.isOpen()) return file;
    switch (errno) {
    case ENOENT: return inputError(path, "does not exist", "Check the name.");
    case EACCES: return inputError(path, "may not be read: permission denied", "Change its permissions or copy it.");
    default: return inputError(path, fmt::format("cannot be opened: {}", std::strerror(errno)), {});
    }
}

/// The bytes that tell a compressed stream, or all of a shorter one.
Result<std::string> readMagic(const FileHandle& file) {
    std::string magic;
    while (magic.size() < kMagicBytes) {
        char buffer[kMagicBytes];
        const auto got = file.read(buffer, kMagicBytes - magic.size());
        if (!got) return got.error();
        if (*got == 0) break;
        magic.append(buffer, *got);
    }
    return magic;
}

/// A copy that ended before it held a byte.
Result<void> checkNotEmpty(Spool& spool, const std::string& path) {
    const auto first = spool.bytesFrom(0, 1);
    if (!first) return first.error();
    if (*first > 0) return {};
    return inputError(path,
                      spool.isCutShort() ? "is a damaged compressed file of which nothing can be read"
                                         : "is a compressed file that holds nothing",
                      "Copy or compress it again.");
}

}  // namespace

Result<Input> Input::open(const std::string& path, const TaskContext& task) {
    auto file = openFile(path);
    if (!file) return file.error();
    struct stat status {};
    if (::fstat(file->descriptor(), &status) != 0) return inputError(path, std::strerror(errno), {});
    if (S_ISDIR(status.st_mode)) return inputError(path, "is a directory", "Name a log file in it.");
    const bool isRegular = S_ISREG(status.st_mode);
    const auto size = isRegular ? static_cast<std::uint64_t>(status.st_size) : 0;

    auto magic = readMagic(*file);
    if (!magic) return inputError(path, magic.error().what, {});
    if (magic->empty()) return inputError(path, "is empty", "Check that the server wrote to it.");
    const Compression compression = compressionOf(*magic);
    const bool atStart = isRegular && ::lseek(file->descriptor(), 0, SEEK_CUR) == static_cast<off_t>(magic->size());
    std::string name = path == "-" ? "standard input" : path;
    if (isRegular && atStart && compression == Compression::None) return Input(std::move(name), std::move(*file), size);

    auto spool = Spool::start({std::move(*file), std::move(*magic), size, compression}, task);
    if (!spool) {
        Error error = spool.error();
        if (error.where.empty()) error.where = name;
        return error;
    }
    if (const auto checked = checkNotEmpty(**spool, path); !checked) return checked.error();
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
    const FileHandle& file = m_spool ? m_spool->file() : m_file;
    const auto got = file.readAt(offset, buffer, static_cast<std::size_t>(*want));
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
    if (!isPlainFile() || ::fstat(m_file.descriptor(), &status) != 0) return Change::None;
    const auto size = static_cast<std::uint64_t>(status.st_size);
    const std::uint64_t before = std::exchange(m_size, size);
    if (size != before) return size > before ? Change::Grown : Change::Shrunk;
    struct stat named {};
    const bool isNamed = ::stat(m_path.c_str(), &named) == 0;
    const bool isSame = !isNamed || (named.st_dev == status.st_dev && named.st_ino == status.st_ino);
    return isSame ? Change::None : Change::Replaced;
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
