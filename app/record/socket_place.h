// SPDX-License-Identifier: GPL-3.0-or-later
//
// The place in the file system where clients find the recorder: a listening socket of its own or in the place of the
// tracking server's. It takes no place that somebody serves unless it is told to, removes what a dead server left
// behind, and never anything that is not a socket. Owned by the recorder's thread; the socket's file goes with it.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "core/base/result.h"
#include "core/trace/source_text.h"

namespace alloclens::record {

/// Where the tracking server listens, and so where its clients connect.
inline constexpr const char* kServerSocket = "/tmp/tt_allocation_server.sock";

struct SocketOptions {
    std::string path = kServerSocket;
    bool replacesServer = false;  ///< take the place of a server that lives
    std::string group;            ///< may connect besides the user; empty: nobody else
};

class SocketPlace {
public:
    /// Checks whether the place can be had, without changing anything.
    [[nodiscard]] static Result<void> check(const SocketOptions& options);
    /// Listens there. The socket does not block. Recorders that start at the same time wait for each other, so that
    /// none of them removes the socket of another.
    [[nodiscard]] static Result<std::unique_ptr<SocketPlace>> open(const SocketOptions& options);

    SocketPlace(const SocketPlace&) = delete;
    SocketPlace& operator=(const SocketPlace&) = delete;
    /// Leaves the place.
    ~SocketPlace();

    /// Whether clients find the recorder at the path.
    enum class Standing : std::uint8_t {
        Ours,
        Gone,    ///< the socket's file was removed
        Served,  ///< another server listens there
        Taken,   ///< something else is there
    };
    [[nodiscard]] Standing look();
    /// Listens at the path once more, unless somebody else does. Gives the socket that listened before, where
    /// clients may still wait.
    [[nodiscard]] Result<FileHandle> reopen();
    /// Removes the socket's file, unless somebody else has taken the place since. May be called by any thread.
    void leave();

    [[nodiscard]] int descriptor() const { return m_socket.descriptor(); }
    [[nodiscard]] const std::string& path() const { return m_options.path; }

private:
    struct File {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;   ///< 0: there is none
        std::int64_t changed = 0;  ///< when, in ns: inodes are used again, but not while a socket has them
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
    mutable std::mutex m_mutex;  ///< of m_file where it changes
    File m_file;
    File m_others;  ///< of a server that took the place
};

}  // namespace alloclens::record
