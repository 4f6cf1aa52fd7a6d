// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/socket_place.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <optional>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "app/record/folder_lock.h"
#include "core/base/time_units.h"
#include "core/trace/source_text.h"

namespace alloclens::record {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kOwnerAndGroup = 0660;

Error failure(const std::string& path, std::string what, std::string advice = {}) {
    return {ErrorKind::Output, std::move(what), path, std::move(advice)};
}

std::string reason() { return std::strerror(errno); }

Result<sockaddr_un> addressOf(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty()) return failure("--socket", "has no path");
    if (path.find('\0') != std::string::npos)
        return failure(path, "contains a NUL byte and cannot be the path of a socket");
    if (path.size() >= sizeof(address.sun_path)) {
        return failure(
            path,
            fmt::format("is too long for a socket: {} bytes of at most {}", path.size(), sizeof address.sun_path - 1),
            "Choose a shorter path.");
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

Result<std::optional<gid_t>> groupOf(const std::string& name) {
    if (name.empty()) return std::optional<gid_t>();
    std::vector<char> room(std::size_t{1} << 16);
    group entry{};
    group* found = nullptr;
    if (::getgrnam_r(name.c_str(), &entry, room.data(), room.size(), &found) == 0 && found != nullptr) {
        return std::optional<gid_t>(found->gr_gid);
    }
    return failure(name, "the group does not exist", "getent group lists the groups of this machine.");
}

enum class Occupant { Nobody, Stale, Live, Closed, Other };

/// Connects to a socket at the path to find out who listens there.
Result<Occupant> occupantOf(const std::string& path, const sockaddr_un& address) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
        if (errno == ENOENT) return Occupant::Nobody;
        return failure(path, fmt::format("cannot be examined: {}", reason()));
    }
    if (!S_ISSOCK(status.st_mode)) return Occupant::Other;
    const FileHandle probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!probe.isOpen()) return failure(path, fmt::format("cannot create a socket: {}", reason()));
    if (::connect(probe.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        return Occupant::Live;
    }
    if (errno == ECONNREFUSED) return Occupant::Stale;
    if (errno == EACCES || errno == EPERM) return Occupant::Closed;
    // Other failures, such as a full queue, do not prove that nobody listens.
    return errno == ENOENT ? Occupant::Nobody : Occupant::Live;
}

std::string ownerOf(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return "another user";
    std::vector<char> room(std::size_t{1} << 14);
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(status.st_uid, &entry, room.data(), room.size(), &found) == 0 && found != nullptr) {
        return fmt::format("the user {}", found->pw_name);
    }
    return fmt::format("the user {}", status.st_uid);
}

Error notOurs(const std::string& path, std::string_view what) {
    return failure(path, fmt::format("is a socket of {} {}", ownerOf(path), what),
                   "If no server uses it, ask its owner to remove it. Or choose another path with --socket.");
}

std::string folderOf(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

/// Checks that the folder exists and takes a new file, so that the error comes before the recording.
Result<void> checkFolder(const std::string& path) {
    const std::string folder = folderOf(path);
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
        return failure(path, fmt::format("the folder {} of the socket does not exist", folder),
                       "Create the folder first.");
    }
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
        return failure(path, fmt::format("cannot create a socket in {}: {}", folder, reason()));
    }
    return {};
}

Result<Occupant> checkPlace(const SocketOptions& options, const sockaddr_un& address) {
    if (auto folder = checkFolder(options.path); !folder) return folder.error();
    auto occupant = occupantOf(options.path, address);
    if (!occupant) return occupant;
    if (*occupant == Occupant::Other) {
        return failure(options.path, "exists and is not a socket", "Choose another path, or remove it yourself.");
    }
    if (*occupant == Occupant::Closed && !options.replacesServer)
        return notOurs(options.path, "that you may not connect to");
    if (*occupant == Occupant::Live && !options.replacesServer) {
        return failure(options.path, "another program already listens there",
                       "Stop that server, choose another path with --socket, or take its place (--replace).");
    }
    return occupant;
}

/// Sets mode and group of the socket's file, whatever the umask. Holds the file by a descriptor meanwhile, so that
/// nobody can swap in a link.
int giveRights(const std::string& path, mode_t mode, std::optional<gid_t> group) {
    const FileHandle file(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!file.isOpen()) return errno;
    struct stat status {};
    if (::fstat(file.descriptor(), &status) != 0) return errno;
    if (!S_ISSOCK(status.st_mode) || status.st_uid != ::geteuid()) return EPERM;
    if (group && ::fchownat(file.descriptor(), "", static_cast<uid_t>(-1), *group, AT_EMPTY_PATH) != 0) return errno;
    constexpr mode_t kRights = 07777;
    if ((status.st_mode & kRights) == mode) return 0;
    return ::chmod(fmt::format("/proc/self/fd/{}", file.descriptor()).c_str(), mode) == 0 ? 0 : errno;
}

Result<void> bindTo(int descriptor, const SocketOptions& options, const sockaddr_un& address,
                    std::optional<gid_t> group) {
    const std::string& path = options.path;
    // The file inherits the socket's mode, so others can never connect in between.
    if (::fchmod(descriptor, kOwnerOnly) != 0
        || ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return failure(path, fmt::format("cannot create the socket: {}", reason()));
    }
    Result<void> done;
    if (const int why = giveRights(path, group ? kOwnerAndGroup : kOwnerOnly, group); why != 0) {
        done = group ? failure(path,
                               fmt::format("cannot be given to the group {}: {}", options.group, std::strerror(why)),
                               "Choose a group that you are a member of.")
                     : failure(path, fmt::format("cannot get its permissions: {}", std::strerror(why)));
    } else if (::listen(descriptor, SOMAXCONN) != 0) {
        done = failure(path, fmt::format("cannot accept connections: {}", reason()));
    }
    if (!done) ::unlink(path.c_str());
    return done;
}

}  // namespace

Result<void> SocketPlace::check(const SocketOptions& options) {
    const auto address = addressOf(options.path);
    if (!address) return address.error();
    if (auto group = groupOf(options.group); !group) return group.error();
    const auto occupant = checkPlace(options, *address);
    return occupant ? Result<void>() : Result<void>(occupant.error());
}

SocketPlace::File SocketPlace::fileAt(const std::string& path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return {};
    return {status.st_dev, status.st_ino, status.st_ctim.tv_sec * kNanosecondsOfSecond + status.st_ctim.tv_nsec};
}

Result<SocketPlace::Listening> SocketPlace::listenAt(const SocketOptions& options) {
    const auto address = addressOf(options.path);
    if (!address) return address.error();
    const auto group = groupOf(options.group);
    if (!group) return group.error();
    // Otherwise another recorder could put its socket there between the check and the removal.
    const FolderLock lock(folderOf(options.path), std::chrono::seconds(5));
    const auto occupant = checkPlace(options, *address);
    if (!occupant) return occupant.error();
    if (*occupant != Occupant::Nobody && ::unlink(options.path.c_str()) != 0 && errno != ENOENT) {
        if (errno == EPERM || errno == EACCES) return notOurs(options.path, "that you may not remove");
        return failure(options.path, fmt::format("cannot be removed: {}", reason()));
    }
    FileHandle socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket.isOpen()) return failure(options.path, fmt::format("cannot create a socket: {}", reason()));
    if (auto bound = bindTo(socket.descriptor(), options, *address, *group); !bound) return bound.error();
    return Listening{std::move(socket), fileAt(options.path)};
}

Result<std::unique_ptr<SocketPlace>> SocketPlace::open(const SocketOptions& options) {
    auto listening = listenAt(options);
    if (!listening) return listening.error();
    return std::unique_ptr<SocketPlace>(new SocketPlace(options, std::move(*listening)));
}

SocketPlace::SocketPlace(const SocketOptions& options, Listening&& listening)
    : m_options(options), m_socket(std::move(listening.socket)), m_file(listening.file) {}

SocketPlace::~SocketPlace() { leave(); }

SocketPlace::Standing SocketPlace::look() {
    const File file = fileAt(path());
    {
        const std::lock_guard lock(m_mutex);
        if (file.hasPlaceOf(m_file)) return Standing::Ours;
    }
    if (!file.isThere()) return Standing::Gone;
    if (file.hasPlaceOf(m_others) && file.changed == m_others.changed)
        return Standing::Served;  // the check looks like a client to that server, so once is enough
    const auto address = addressOf(path());
    const auto occupant = address ? occupantOf(path(), *address) : Result<Occupant>(address.error());
    if (!occupant || *occupant != Occupant::Live) return Standing::Taken;
    m_others = file;
    return Standing::Served;
}

Result<FileHandle> SocketPlace::reopen() {
    SocketOptions options = m_options;
    options.replacesServer = false;
    auto listening = listenAt(options);
    if (!listening) return listening.error();
    const std::lock_guard lock(m_mutex);
    m_file = listening->file;
    std::swap(m_socket, listening->socket);
    return std::move(listening->socket);
}

void SocketPlace::leave() {
    const FolderLock folder(folderOf(path()), std::chrono::milliseconds(200));
    const std::lock_guard lock(m_mutex);
    if (m_file.isThere() && fileAt(path()).hasPlaceOf(m_file)) ::unlink(path().c_str());
    m_file = {};
}

}  // namespace alloclens::record
