// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps other recorders from changing a folder's sockets for a moment. It locks the folder itself, so no lock file
// remains. Programs that do not ask for the lock are not kept out. Held by one thread while the object lives.
#pragma once

#include <chrono>
#include <string>

namespace alloclens::record {

class FolderLock {
public:
    /// Waits for another holder, at most `patience`. If it takes longer, or the file system cannot lock folders, the
    /// caller proceeds without the lock.
    FolderLock(const std::string& folder, std::chrono::milliseconds patience);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int m_descriptor;
};

}  // namespace alloclens::record
