// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps other recorders from changing a folder's sockets for a moment: a lock of the folder itself, which leaves no
// file behind. It cannot keep off programs that do not ask for it. Held by one thread for as long as the object lives.
#pragma once

#include <chrono>
#include <string>

namespace alloclens::record {

class FolderLock {
public:
    /// Waits for others who hold the lock, but no longer than that. Where the folder cannot be locked, as in some
    /// network file systems, or somebody does not give the lock back, the caller goes on without.
    FolderLock(const std::string& folder, std::chrono::milliseconds patience);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int m_descriptor;
};

}  // namespace alloclens::record
