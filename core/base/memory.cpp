// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/memory.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>

namespace alloclens {
namespace {

// "MemAvailable:   16384 kB"
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

std::optional<std::uint64_t> numberIn(const std::string& path) {
    std::ifstream file(path);
    std::uint64_t number = 0;
    if (file >> number) return number;
    return std::nullopt;  // missing, or "max"
}

// "0::/user.slice/session": the group's folder under /sys/fs/cgroup.
std::optional<std::uint64_t> availableOfGroup() {
    std::ifstream file("/proc/self/cgroup");
    std::string line;
    while (std::getline(file, line)) {
        if (!line.starts_with("0::")) continue;
        const std::string folder = "/sys/fs/cgroup" + line.substr(3);
        const auto most = numberIn(folder + "/memory.max");
        const auto used = numberIn(folder + "/memory.current");
        if (most && used) return *most - std::min(*most, *used);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> availableMemory() {
    const auto machine = availableOfMachine();
    const auto group = availableOfGroup();
    if (machine && group) return std::min(*machine, *group);
    return machine ? machine : group;
}

Error outOfMemory(std::string where) {
    return {ErrorKind::Input, "needs more memory than there is", std::move(where),
            "Close other programs, or split the file and open its parts."};
}

}  // namespace alloclens
