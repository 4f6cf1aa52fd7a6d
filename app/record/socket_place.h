// SPDX-License-Identifier: GPL-3.0-or-later
//
// The place in the file system where clients find the recorder: a listening socket of its own or in the place of the
// tracking server's. It takes no place that somebody serves unless it is told to, removes what a dead server left
// behind, and never anything that is not a socket. Owned by the recorder's thread; the socket's file goes with it.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"

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
    /// Whether the place can be had, without changing anything.
    [[nodiscard]] static Result<void> check(const SocketOptions& options);
    /// Listens there. The socket does not block.
    [[nodiscard]] static Result<SocketPlace> open(const SocketOptions& options);

    SocketPlace(SocketPlace&& other) noexcept;
    SocketPlace& operator=(SocketPlace&& other) = delete;
    SocketPlace(const SocketPlace&) = delete;
    SocketPlace& operator=(const SocketPlace&) = delete;
    /// Removes the socket's file, unless somebody else has taken the place since.
    ~SocketPlace();

    [[nodiscard]] int descriptor() const { return m_descriptor; }
    [[nodiscard]] const std::string& path() const { return m_path; }

private:
    SocketPlace(std::string path, int descriptor) : m_path(std::move(path)), m_descriptor(descriptor) {}

    std::string m_path;
    int m_descriptor = -1;
    std::uint64_t m_device = 0;
    std::uint64_t m_inode = 0;
};

}  // namespace alloclens::record
