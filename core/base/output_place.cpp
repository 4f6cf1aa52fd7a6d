// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/output_place.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <linux/magic.h>
#include <optional>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/base/replace_file.h"
#include "core/base/standard_streams.h"

namespace alloclens {
namespace {

std::string folderOf(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

bool isSameFile(const struct stat& a, const struct stat& b) { return a.st_dev == b.st_dev && a.st_ino == b.st_ino; }

// Follows the kernel's rule for links (protected_symlinks in proc(5)). In a sticky folder that everybody may write to,
// trust only files of this user and of the folder's owner.
bool isOfAStranger(const std::string& path, const struct stat& entry) {
    struct stat folder {};
    if (::stat(folderOf(path).c_str(), &folder) != 0) return false;
    const bool isShared = (folder.st_mode & S_ISVTX) != 0 && (folder.st_mode & S_IWOTH) != 0;
    return isShared && entry.st_uid != ::geteuid() && entry.st_uid != folder.st_uid;
}

// A link such as "/proc/self/fd/1" opens the file of the descriptor; its text does not matter.
bool isLinkOfProc(const std::string& path) {
    struct statfs system {};
    return ::statfs(folderOf(path).c_str(), &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

// "/proc/self/fd/1" -> 1 if this program has that file open under that number, else -1.
int ownDescriptor(const std::string& path, const struct stat& status) {
    int number = -1;
    const char* const digits = path.c_str() + path.rfind('/') + 1;
    const char* const end = path.c_str() + path.size();
    if (const auto read = std::from_chars(digits, end, number); read.ec != std::errc() || read.ptr != end) return -1;
    struct stat mine {};
    return ::fstat(number, &mine) == 0 && isSameFile(mine, status) ? number : -1;
}

std::optional<std::string> targetOf(const std::string& link) {
    std::array<char, PATH_MAX> text{};
    const auto size = ::readlink(link.c_str(), text.data(), text.size());
    if (size <= 0) return std::nullopt;
    const std::string target(text.data(), static_cast<std::size_t>(size));
    return target.front() == '/' ? target : folderOf(link) + '/' + target;
}

Error isInput(const std::string& path, const std::string& role) {
    return {ErrorKind::Usage, fmt::format("would replace {}", role), path, "Choose another name."};
}

// A new file cannot be made if the folder is missing or may not be changed.
Result<void> checkFolder(const std::string& path, const OutputPlace& place) {
    const std::string folder = place.folder();
    if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0) return writeFailure(path, errno);
    return {};
}

std::string adviceFor(int code, const std::string& path) {
    switch (code) {
    case ENOENT:
        if (::access(folderOf(path).c_str(), F_OK) == 0) return "Nothing can be written there. Choose another place.";
        return fmt::format("The folder {} does not exist. Create it, or choose another place.", folderOf(path));
    case ENOTDIR: return "A part of the path is a file. Choose another place.";
    case EISDIR: return "Name a file in that folder.";
    case EACCES:
    case EPERM: return "You may not write there. Choose another place.";
    case EROFS: return "Nothing can be written there. Choose another place.";
    case ENAMETOOLONG: return "Choose a shorter name.";
    case ELOOP: return "Its links form a loop. Choose another name.";
    case EEXIST: return "Choose another name.";
    case EFBIG: return "Raise the limit of a file's size (ulimit -f), or choose another place.";
    case ENOSPC:
    case EDQUOT: return "Choose another place, or free some space.";
    case EMFILE:
    case ENFILE: return "Close other programs, or raise the limit of open files (ulimit -n).";
    case ENOMEM: return "There is not enough memory. Close other programs.";
    case ENXIO: return "It is a socket or a missing device. Choose another name.";
    case EPIPE: return "The program that read it has ended.";
    case EBADF: return "It is closed, or only open for reading.";
    default: return "Choose another place.";
    }
}

}  // namespace

std::string OutputPlace::folder() const { return folderOf(path); }

Error writeFailure(const std::string& path, int code) {
    return {ErrorKind::Output, fmt::format("cannot be written: {}", std::strerror(code)), path, adviceFor(code, path)};
}

Result<OutputPlace> findOutputPlace(const std::string& path, const InputFiles& inputs) {
    constexpr int kMaxLinks = 40;
    OutputPlace place;
    place.path = path;
    for (int links = 0;; ++links) {
        if (links > kMaxLinks) return writeFailure(path, ELOOP);
        if (place.path.size() >= PATH_MAX) return writeFailure(path, ENAMETOOLONG);
        place.isThere = ::lstat(place.path.c_str(), &place.status) == 0;
        if (!place.isThere && errno != ENOENT) return writeFailure(path, errno);
        if (place.isThere && isOfAStranger(place.path, place.status)) {
            return Error{ErrorKind::Output,
                         fmt::format("{} in a folder where everybody may write",
                                     S_ISLNK(place.status.st_mode) ? "is a link that another user made"
                                                                   : "belongs to another user and is"),
                         place.path, "Choose another name, or a folder of your own."};
        }
        if (!place.isThere || !S_ISLNK(place.status.st_mode)) break;
        if (isLinkOfProc(place.path)) {
            if (::stat(place.path.c_str(), &place.status) != 0) return writeFailure(path, errno);
            place.isOpenFile = true;
            place.descriptor = ownDescriptor(place.path, place.status);
            break;
        }
        const auto target = targetOf(place.path);
        if (!target) return writeFailure(path, errno);
        place.path = *target;
    }
    if (!place.isThere) return place;
    if (const auto role = inputs.roleOf(place.status)) return isInput(path, *role);
    if (S_ISDIR(place.status.st_mode)) return writeFailure(path, EISDIR);
    return place;
}

Result<void> checkOutput(const std::string& path, const InputFiles& inputs) {
    if (path.empty() || path == "-") {
        struct stat status {};
        if (::fstat(STDOUT_FILENO, &status) != 0 || !isOpenForWriting(STDOUT_FILENO))
            return Error{ErrorKind::Output, "is closed", "standard output", "Open it, or name a file with --output."};
        const auto role = inputs.roleOf(status);
        return role && S_ISREG(status.st_mode) ? Result<void>(isInput("standard output", *role)) : Result<void>();
    }
    const auto place = findOutputPlace(path, inputs);
    if (!place) return place.error();
    return place->isReplaced() ? checkFolder(path, *place) : Result<void>();
}

}  // namespace alloclens
