// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/memory.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

#include "core/base/units.h"

namespace alloclens {
namespace {

// "MemAvailable:   16384 kB" -> 16777216.
std::optional<std::uint64_t> availableOfMachine() {
    std::ifstream file("/proc/meminfo");
    std::string name;
    std::uint64_t kibibytes = 0;
    std::string unit;
    while (file >> name >> kibibytes) {
        if (name == "MemAvailable:") return kibibytes * 1024;
        std::getline(file, unit);
    }
    return std::nullopt;
}

std::optional<std::uint64_t> numberIn(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::uint64_t number = 0;
    if (file >> number) return number;
    return std::nullopt;  // missing, or "max"
}

// Lines such as "inactive_file 4096". The group counts file pages and kernel caches as used, but the system frees them
// before the group runs out.
std::uint64_t reclaimableIn(const std::filesystem::path& group) {
    std::ifstream file(group / "memory.stat");
    std::uint64_t bytes = 0;
    std::string name;
    std::uint64_t number = 0;
    while (file >> name >> number) {
        if (name == "active_file" || name == "inactive_file" || name == "slab_reclaimable") bytes += number;
    }
    return bytes;
}

std::optional<std::uint64_t> availableIn(const std::filesystem::path& group) {
    const auto most = numberIn(group / "memory.max");
    const auto used = numberIn(group / "memory.current");
    if (!most || !used) return std::nullopt;
    const std::uint64_t kept = *used - std::min(*used, reclaimableIn(group));
    return *most - std::min(*most, kept);
}

// "0::/user.slice/session" -> what that group leaves: the path is relative to the root of all groups.
std::optional<std::uint64_t> availableOfOwnGroup() {
    std::ifstream file("/proc/self/cgroup");
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with("0::/")) return availableOfGroup("/sys/fs/cgroup", line.substr(4));
    }
    return std::nullopt;
}

// The rest of the process' address space limit (ulimit -v).
std::optional<std::uint64_t> availableOfProcess() {
    rlimit most{};
    if (::getrlimit(RLIMIT_AS, &most) != 0 || most.rlim_cur == RLIM_INFINITY) return std::nullopt;
    const auto pages = numberIn("/proc/self/statm");
    if (!pages) return std::nullopt;
    const std::uint64_t used = *pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    return most.rlim_cur - std::min<std::uint64_t>(most.rlim_cur, used);
}

}  // namespace

std::optional<std::uint64_t> availableOfGroup(const std::filesystem::path& root, const std::filesystem::path& group) {
    std::optional<std::uint64_t> least;
    std::filesystem::path folder = root;
    const auto look = [&] {
        const auto available = availableIn(folder);
        if (available) least = std::min(least.value_or(*available), *available);
    };
    look();
    for (const auto& name : group) {
        folder /= name;
        look();
    }
    return least;
}

std::optional<std::uint64_t> availableMemory() {
    std::optional<std::uint64_t> least;
    for (const auto& available : {availableOfMachine(), availableOfOwnGroup(), availableOfProcess()}) {
        if (available) least = std::min(least.value_or(*available), *available);
    }
    return least;
}

Error outOfMemory(std::string_view where) noexcept {
    try {
        rlimit limit{};
        const bool isLimited = ::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
        std::string what = "needs more memory than is available";
        if (isLimited) {
            what += " (its limit is " + formatBytes(limit.rlim_cur) + ")";
        } else if (const auto available = availableMemory()) {
            what += " (" + formatBytes(*available) + " are free)";
        }
        return {ErrorKind::Input, std::move(what), std::string(where),
                isLimited ? "Raise the limit (ulimit -v), or split the file and open its parts."
                          : "Close other programs, or split the file and open its parts."};
    } catch (const std::exception&) {
        // Short enough for a string without memory of its own.
        Error error;
        error.what = "out of memory";
        return error;
    }
}

}  // namespace alloclens
