// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

/// An unnamed file that takes a copy, and vanishes with its handle.
class Spool {
public:
    [[nodiscard]] Result<void> create() {
        const char* folder = std::getenv("TMPDIR");
        m_folder = folder && *folder ? folder : "/tmp";
        std::string name = m_folder + "/alloclens-XXXXXX";
        m_file = FileHandle(::mkostemp(name.data(), O_CLOEXEC));
        if (!m_file.isOpen()) return failure();
        ::unlink(name.c_str());
        return {};
    }

    [[nodiscard]] Result<void> write(const char* bytes, std::size_t size) {
        while (size > 0) {
            const auto done = ::write(m_file.descriptor(), bytes, size);
            if (done < 0 && errno == EINTR) continue;
            if (done <= 0) return failure();
            bytes += done;
            size -= static_cast<std::size_t>(done);
            m_size += static_cast<std::uint64_t>(done);
        }
        return {};
    }

    [[nodiscard]] std::uint64_t size() const { return m_size; }
    [[nodiscard]] FileHandle release() { return std::move(m_file); }

private:
    [[nodiscard]] Error failure() const {
        return {ErrorKind::Input,
                fmt::format("cannot hold a temporary copy of the input ({} so far): {}", formatBytes(m_size),
                            std::strerror(errno)),
                m_folder, "Free some room there, or set TMPDIR to a folder with more."};
    }

    std::string m_folder;
    FileHandle m_file;
    std::uint64_t m_size = 0;
};

/// Reads a descriptor from its start to its end: bytes that were looked at already first, then the rest.
class SequentialReader {
public:
    SequentialReader(const FileHandle& file, std::string path, std::uint64_t expected, const TaskContext& task)
        : m_file(file), m_path(std::move(path)), m_expected(expected), m_task(task) {}

    [[nodiscard]] Result<std::string> peek(std::size_t size) {
        while (m_ahead.size() < size) {
            char buffer[kMagicBytes];
            const auto got = readDescriptor(buffer, size - m_ahead.size());
            if (!got) return got.error();
            if (*got == 0) break;
            m_ahead.append(buffer, *got);
        }
        return m_ahead;
    }

    [[nodiscard]] Result<std::size_t> read(char* buffer, std::size_t size) {
        if (m_task.isCancelled()) return TaskContext::cancelled();
        if (m_expected > 0) {
            m_task.report("unpacking", static_cast<double>(m_done) / static_cast<double>(m_expected));
        }
        if (!m_ahead.empty()) {
            const std::size_t taken = std::min(size, m_ahead.size());
            std::memcpy(buffer, m_ahead.data(), taken);
            m_ahead.erase(0, taken);
            return taken;
        }
        return readDescriptor(buffer, size);
    }

private:
    [[nodiscard]] Result<std::size_t> readDescriptor(char* buffer, std::size_t size) {
        while (true) {
            const auto got = ::read(m_file.descriptor(), buffer, size);
            if (got >= 0) {
                m_done += static_cast<std::uint64_t>(got);
                return static_cast<std::size_t>(got);
            }
            if (errno == EISDIR) return inputError(m_path, "is a directory", "Name a log file in it.");
            if (errno != EINTR) return inputError(m_path, fmt::format("cannot be read: {}", std::strerror(errno)), {});
        }
    }

    const FileHandle& m_file;
    std::string m_path;
    std::uint64_t m_expected;
    const TaskContext& m_task;
    std::string m_ahead;
    std::uint64_t m_done = 0;
};

Result<DecompressOutcome> copyPlain(const ReadFunction& read, const WriteFunction& write) {
    std::vector<char> buffer(256 * 1024);
    while (true) {
        const auto got = read(buffer.data(), buffer.size());
        if (!got) return got.error();
        if (*got == 0) return DecompressOutcome{};
        if (const auto written = write(buffer.data(), *got); !written) return written.error();
    }
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

    SequentialReader reader(*file, path, size, task);
    const auto magic = reader.peek(kMagicBytes);
    if (!magic) return magic.error();
    if (magic->empty()) return inputError(path, "is empty", "Check that the server wrote to it.");
    const Compression compression = compressionOf(*magic);
    const bool atStart = isRegular && ::lseek(file->descriptor(), 0, SEEK_CUR) == static_cast<off_t>(magic->size());
    if (isRegular && atStart && compression == Compression::None) {
        return Input(path == "-" ? "standard input" : path, std::move(*file), size, false);
    }

    Spool spool;
    if (const auto created = spool.create(); !created) return created.error();
    const ReadFunction read = [&reader](char* buffer, std::size_t want) { return reader.read(buffer, want); };
    const WriteFunction write = [&spool](const char* bytes, std::size_t count) { return spool.write(bytes, count); };
    const auto outcome = compression == Compression::None ? copyPlain(read, write)
                                                          : decompress(compression, read, write);
    if (!outcome) return outcome.error();
    const std::uint64_t unpacked = spool.size();
    if (unpacked == 0) {
        return inputError(path,
                          outcome->cutShort ? "is a damaged compressed file of which nothing can be read"
                                            : "is a compressed file that holds nothing",
                          "Copy or compress it again.");
    }
    return Input(path == "-" ? "standard input" : path, spool.release(), unpacked, outcome->cutShort);
}

Result<std::size_t> Input::readAt(std::uint64_t offset, char* buffer, std::size_t size) const {
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(size, m_size - std::min(offset, m_size)));
    const auto got = m_file.readAt(offset, buffer, want);
    if (!got) return inputError(m_path, got.error().what, {});
    if (*got < want) {
        return inputError(m_path,
                          fmt::format("shrank from {} to {} bytes while it was being read", formatCount(m_size),
                                      formatCount(offset + *got)),
                          "Wait until its writer is done, or copy it, and open it again.");
    }
    return got;
}

std::string Input::head(std::size_t size) const {
    std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(size, m_size)), '\0');
    const auto got = readAt(0, bytes.data(), bytes.size());
    bytes.resize(got ? *got : 0);
    return bytes;
}

}  // namespace alloclens
