// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/socket_place.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <grp.h>
#include <optional>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>
#include <vector>

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
    if (path.find('\0') != std::string::npos) return failure(path, "holds a NUL byte and cannot be a socket's path");
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
    return failure(name, "there is no such group", "getent group lists the groups of this machine.");
}

enum class Occupant { Nobody, Stale, Live, Other };

Result<Occupant> occupantOf(const std::string& path, const sockaddr_un& address) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
        if (errno == ENOENT) return Occupant::Nobody;
        return failure(path, fmt::format("cannot be looked at: {}", reason()));
    }
    if (!S_ISSOCK(status.st_mode)) return Occupant::Other;
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (probe < 0) return failure(path, fmt::format("no socket can be made: {}", reason()));
    const int outcome = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const int why = errno;
    ::close(probe);
    if (outcome == 0) return Occupant::Live;
    // Whatever else stops a connection, such as a full queue or missing rights, does not show that nobody listens.
    return why == ECONNREFUSED ? Occupant::Stale : Occupant::Live;
}

/// The folder must be there and take a new file, which is better said before anything is recorded.
Result<void> checkFolder(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
        return failure(path, fmt::format("there is no folder {} to put the socket in", folder),
                       "Make the folder first.");
    }
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
        return failure(path, fmt::format("no socket can be put into {}: {}", folder, reason()));
    }
    return {};
}

Result<Occupant> checkPlace(const SocketOptions& options, const sockaddr_un& address) {
    if (auto folder = checkFolder(options.path); !folder) return folder.error();
    auto occupant = occupantOf(options.path, address);
    if (!occupant) return occupant;
    if (*occupant == Occupant::Other) {
        return failure(options.path, "is there and is no socket", "Choose another path, or remove it yourself.");
    }
    if (*occupant == Occupant::Live && !options.replacesServer) {
        return failure(options.path, "somebody listens there already",
                       "Stop that server, choose another path with --socket, or take its place (--replace).");
    }
    return occupant;
}

Result<void> bindTo(int descriptor, const SocketOptions& options, const sockaddr_un& address,
                    std::optional<gid_t> group) {
    const std::string& path = options.path;
    // The file gets the socket's own mode, so there is no moment at which others may connect.
    if (::fchmod(descriptor, kOwnerOnly) != 0
        || ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return failure(path, fmt::format("no socket can be put there: {}", reason()));
    }
    const bool isShared = !group
                          || (::lchown(path.c_str(), static_cast<uid_t>(-1), *group) == 0
                              && ::chmod(path.c_str(), kOwnerAndGroup) == 0);
    if (isShared && ::listen(descriptor, SOMAXCONN) == 0) return {};
    auto error = isShared ? failure(path, fmt::format("cannot be listened to: {}", reason()))
                          : failure(path, fmt::format("cannot be given to the group {}: {}", options.group, reason()),
                                    "Choose a group that you are a member of.");
    ::unlink(path.c_str());
    return error;
}

}  // namespace

Result<void> SocketPlace::check(const SocketOptions& options) {
    const auto address = addressOf(options.path);
    if (!address) return address.error();
    if (auto group = groupOf(options.group); !group) return group.error();
    const auto occupant = checkPlace(options, *address);
    return occupant ? Result<void>() : Result<void>(occupant.error());
}

Result<SocketPlace> SocketPlace::open(const SocketOptions& options) {
    const auto address = addressOf(options.path);
    if (!address) return address.error();
    const auto group = groupOf(options.group);
    if (!group) return group.error();
    const auto occupant = checkPlace(options, *address);
    if (!occupant) return occupant.error();
    if (*occupant != Occupant::Nobody && ::unlink(options.path.c_str()) != 0 && errno != ENOENT) {
        return failure(options.path, fmt::format("cannot be removed: {}", reason()));
    }
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return failure(options.path, fmt::format("no socket can be made: {}", reason()));
    SocketPlace place(options.path, descriptor);
    if (auto bound = bindTo(descriptor, options, *address, *group); !bound) return bound.error();
    struct stat status {};
    if (::lstat(options.path.c_str(), &status) == 0) {
        place.m_device = status.st_dev;
        place.m_inode = status.st_ino;
    }
    return place;
}

SocketPlace::SocketPlace(SocketPlace&& other) noexcept
    : m_path(std::move(other.m_path)),
      m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_device(other.m_device),
      m_inode(std::exchange(other.m_inode, 0)) {}

SocketPlace::~SocketPlace() {
    if (m_descriptor < 0) return;
    ::close(m_descriptor);
    struct stat status {};
    const bool isOurs = m_inode != 0 && ::lstat(m_path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)
                        && status.st_dev == m_device && status.st_ino == m_inode;
    if (isOurs) ::unlink(m_path.c_str());
}

}  // namespace alloclens::record
