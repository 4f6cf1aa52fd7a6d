// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/folder_lock.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace alloclens::record {

FolderLock::FolderLock(const std::string& folder, std::chrono::milliseconds patience)
    : m_descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (m_descriptor < 0) return;
    constexpr std::chrono::milliseconds kPause{10};
    for (auto waited = kPause * 0; waited <= patience; waited += kPause) {
        if (::flock(m_descriptor, LOCK_EX | LOCK_NB) == 0) return;
        if (errno != EWOULDBLOCK && errno != EINTR) return;
        std::this_thread::sleep_for(kPause);
    }
}

FolderLock::~FolderLock() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

}  // namespace alloclens::record
