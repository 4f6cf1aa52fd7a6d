// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a result goes to: the path with its links followed, and what is there now. Decides which links and files of
// others are left alone. Part of replace_file.
#pragma once

#include <string>
#include <sys/stat.h>

#include "core/base/input_files.h"
#include "core/base/result.h"

namespace alloclens {

struct OutputPlace {
    std::string path;         ///< no link
    bool isOpenFile = false;  ///< the path names a descriptor, as /dev/stdout does
    int descriptor = -1;      ///< its number, where it is one of this program
    bool isThere = false;     ///< and `status` says what it is
    struct stat status {};

    /// A file of its own takes its place; devices, pipes and descriptors are written to.
    [[nodiscard]] bool isReplaced() const { return !isOpenFile && (!isThere || S_ISREG(status.st_mode)); }
    [[nodiscard]] std::string folder() const;
};

/// Errors: `path` is one of the inputs (Usage); it is a folder, or a link or file of somebody else where everybody may
/// put files (Output).
[[nodiscard]] Result<OutputPlace> findOutputPlace(const std::string& path, const InputFiles& inputs);

}  // namespace alloclens
