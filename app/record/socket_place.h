// SPDX-License-Identifier: GPL-3.0-or-later
//
// The listening socket, at a path of its own or in the tracking server's place. It takes over a served path only on
// request. It removes the socket of a dead server, and never a file that is not a socket. Owned by the recorder's
// thread; the destructor removes the socket's file.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "core/base/result.h"
#include "core/trace/source_text.h"

namespace alloclens::record {

/// Where the tracking server listens and its clients connect.
inline constexpr const char* kServerSocket = "/tmp/tt_allocation_server.sock";

struct SocketOptions {
    std::string path = kServerSocket;
    bool replacesServer = false;  ///< take the place of a running server
    std::string group;            ///< may connect besides the user; empty: nobody else
};

class SocketPlace {
public:
    /// Checks whether the path is available, without changing anything. Errors (Output): a server runs there; another
    /// file is there; the path is too long; the folder is missing or takes no new file; the group is unknown.
    [[nodiscard]] static Result<void> check(const SocketOptions& options);
    /// Listens at the path with a non-blocking socket. Recorders that start together wait for each other, so none
    /// removes another's socket. Errors: as check().
    [[nodiscard]] static Result<std::unique_ptr<SocketPlace>> open(const SocketOptions& options);

    SocketPlace(const SocketPlace&) = delete;
    SocketPlace& operator=(const SocketPlace&) = delete;
    /// Removes the socket's file, as leave() does.
    ~SocketPlace();

    /// Who listens at the path now.
    enum class Standing : std::uint8_t {
        Ours,
        Gone,    ///< the socket's file was removed
        Served,  ///< another server listens there
        Taken,   ///< some other file is there
    };
    /// Looks at the path, and at a server there if it is another's.
    [[nodiscard]] Standing look();
    /// Listens at the path again, unless somebody else does. Returns the old socket, where clients may still wait.
    [[nodiscard]] Result<FileHandle> reopen();
    /// Removes the socket's file unless somebody else has taken the place since. Any thread may call.
    void leave();

    [[nodiscard]] int descriptor() const { return m_socket.descriptor(); }
    [[nodiscard]] const std::string& path() const { return m_options.path; }

private:
    struct File {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;   ///< 0: no file
        std::int64_t changed = 0;  ///< time in ns. Inodes are reused, but not while a socket has them
        [[nodiscard]] bool isThere() const { return inode != 0; }
        [[nodiscard]] bool hasPlaceOf(const File& other) const {
            return device == other.device && inode == other.inode;
        }
    };
    struct Listening {
        FileHandle socket;
        File file;
    };

    SocketPlace(const SocketOptions& options, Listening&& listening);

    [[nodiscard]] static Result<Listening> listenAt(const SocketOptions& options);
    [[nodiscard]] static File fileAt(const std::string& path);

    SocketOptions m_options;
    FileHandle m_socket;
    mutable std::mutex m_mutex;  ///< guards changes of m_file
    File m_file;
    File m_others;  ///< that of a server that took the place
};

}  // namespace alloclens::record
