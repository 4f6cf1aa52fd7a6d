// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/temporary_room.h"

#include <algorithm>
#include <cstdlib>
#include <linux/magic.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "core/base/memory.h"

namespace alloclens {
namespace {

bool isMemory(const struct statfs& status) { return status.f_type == TMPFS_MAGIC || status.f_type == RAMFS_MAGIC; }

bool isInMemory(const char* folder) {
    struct statfs status {};
    return ::statfs(folder, &status) == 0 && isMemory(status);
}

}  // namespace

std::string temporaryFolder() {
    const char* const wanted = std::getenv("TMPDIR");
    if (wanted != nullptr && *wanted != '\0') return wanted;
    constexpr const char* kUsual = "/tmp";
    constexpr const char* kOnDisk = "/var/tmp";
    const bool isBetter = isInMemory(kUsual) && ::access(kOnDisk, W_OK | X_OK) == 0 && !isInMemory(kOnDisk);
    return isBetter ? kOnDisk : kUsual;
}

std::optional<Space> spaceOf(int descriptor) {
    struct statfs status {};
    if (::fstatfs(descriptor, &status) != 0 || status.f_blocks == 0) return std::nullopt;
    const auto block = static_cast<std::uint64_t>(status.f_frsize > 0 ? status.f_frsize : status.f_bsize);
    Space space{static_cast<std::uint64_t>(status.f_bavail) * block,
                static_cast<std::uint64_t>(status.f_blocks) * block};
    if (isMemory(status)) space.free = std::min(space.free, availableMemory().value_or(space.free));
    return space;
}

std::uint64_t keptFree(const Space& space) {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 30;
    constexpr std::uint64_t kOneIn = 20;
    return std::min(kMost, space.total / kOneIn);
}

}  // namespace alloclens
