// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/part_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <random>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "core/base/units.h"
#include "importers/native/parts.h"

namespace alloclens::record {
namespace {

namespace fs = std::filesystem;

Error failure(const std::string& path, int why) {
    return {ErrorKind::Output, fmt::format("cannot be written: {}", std::strerror(why)), path, {}};
}

Error isThere(const std::string& path) {
    return {ErrorKind::Output, "exists", path, "Choose another name, or replace it with --force."};
}

/// "run.alens" -> 3: where the extension begins, or the end if there is none.
std::size_t endingOf(const std::string& path) {
    const std::size_t name = path.rfind('/') + 1;  // npos + 1 is 0
    const std::size_t dot = path.rfind('.');
    return dot != std::string::npos && dot > name ? dot : path.size();
}

bool isFile(const std::string& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

/// A file beside `path` with the name of a later part, or empty.
std::string somePart(const std::string& path) {
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    const std::size_t ending = endingOf(path);
    const std::string before = path.substr(folder.size(), ending - folder.size()) + ".";
    const std::string after = path.substr(ending);
    std::error_code stop;
    for (fs::directory_iterator at(folder.empty() ? "." : folder, stop), end; !stop && at != end; at.increment(stop)) {
        const std::string name = at->path().filename().string();
        if (name.size() <= before.size() + after.size()) continue;
        if (!name.starts_with(before) || !name.ends_with(after)) continue;
        const auto number = std::string_view(name).substr(before.size(), name.size() - before.size() - after.size());
        if (parseUnsigned(number)) return folder + name;
    }
    return {};
}

/// Returns 0 or the errno. Never replaces a file that has just appeared, if the file system can prevent it.
int giveName(const std::string& from, const std::string& to, bool replaces) {
    if (!replaces) {
        if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
        if (errno != EINVAL && errno != ENOSYS) return errno;
        if (isFile(to)) return EEXIST;
    }
    return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

/// Opens a device or pipe without waiting for its other end. Refuses those of other users except root, since they would
/// receive the recording.
Result<FileHandle> openDevice(const std::string& path) {
    FileHandle file(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file.isOpen() && errno == ENXIO) {
        return Error{ErrorKind::Output, "is a pipe that nobody reads", path, "Start its reader first."};
    }
    if (!file.isOpen()) return failure(path, errno);
    struct stat status {};
    if (::fstat(file.descriptor(), &status) != 0) return failure(path, errno);
    if (S_ISREG(status.st_mode)) return isThere(path);  // it has just appeared
    constexpr uid_t kRoot = 0;
    if (status.st_uid != ::geteuid() && status.st_uid != kRoot) {
        return Error{ErrorKind::Output, "is a pipe or device of another user", path, "Choose another name."};
    }
    // From here on writes may block, since they have a thread of their own.
    const int flags = ::fcntl(file.descriptor(), F_GETFL);
    if (flags < 0 || ::fcntl(file.descriptor(), F_SETFL, flags & ~O_NONBLOCK) != 0) return failure(path, errno);
    return file;
}

}  // namespace

std::string PartFile::pathOf(const std::string& path, unsigned part) { return native::partPath(path, part); }

Result<void> PartFile::check(const std::string& path, bool hasParts) {
    if (isFile(path)) return isThere(path);
    const std::string part = hasParts ? somePart(path) : std::string();
    return part.empty() ? Result<void>() : Result<void>(isThere(part));
}

Result<PartFile> PartFile::create(const std::string& path, bool replaces) {
    if (!replaces && isFile(path)) return isThere(path);
    std::error_code ignored;
    const bool isDevice = !isFile(path) && fs::exists(path, ignored);
    constexpr mode_t kEveryone = 0666;
    if (isDevice) {
        auto device = openDevice(path);
        if (!device) return device.error();
        return PartFile(std::move(*device), path, {}, replaces);
    }
    std::string temporary = fmt::format("{}.{:08x}.new", path, std::random_device()());
    FileHandle file(::open(temporary.c_str(), O_WRONLY | O_CLOEXEC | O_CREAT | O_EXCL, kEveryone));
    if (!file.isOpen()) return failure(path, errno);
    return PartFile(std::move(file), path, std::move(temporary), replaces);
}

PartFile::PartFile(FileHandle file, std::string path, std::string temporary, bool replaces)
    : m_file(std::move(file)), m_path(std::move(path)), m_temporary(std::move(temporary)), m_replaces(replaces) {}

PartFile::PartFile(PartFile&& other) noexcept
    : m_file(std::move(other.m_file)),
      m_path(std::move(other.m_path)),
      m_temporary(std::exchange(other.m_temporary, {})),
      m_replaces(other.m_replaces) {}

PartFile::~PartFile() {
    if (!m_temporary.empty()) ::unlink(m_temporary.c_str());
}

Result<void> PartFile::takeName() {
    if (m_temporary.empty()) return {};
    if (const int why = giveName(m_temporary, m_path, m_replaces); why != 0) {
        return why == EEXIST ? isThere(m_path) : failure(m_path, why);
    }
    m_temporary.clear();
    return {};
}

}  // namespace alloclens::record
