// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/input_files.h"

#include <sys/stat.h>
#include <unistd.h>

namespace alloclens {

void InputFiles::add(const std::string& path, std::string_view role) {
    struct stat status {};
    const bool isThere = path == "-" ? ::fstat(STDIN_FILENO, &status) == 0 : ::stat(path.c_str(), &status) == 0;
    if (isThere && (S_ISREG(status.st_mode) || S_ISBLK(status.st_mode)))
        m_inputs.push_back({status.st_dev, status.st_ino, std::string(role)});
}

std::optional<std::string> InputFiles::roleOf(const struct stat& status) const {
    for (const Input& input : m_inputs) {
        if (input.device == status.st_dev && input.number == status.st_ino) return input.role;
    }
    return std::nullopt;
}

}  // namespace alloclens
