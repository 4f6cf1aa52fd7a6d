// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a result goes: the path with its links followed, and what is there now. Decides which links and files of other
// users stay untouched. Part of replace_file.
#pragma once

#include <string>
#include <sys/stat.h>

#include "core/base/input_files.h"
#include "core/base/result.h"

namespace alloclens {

struct OutputPlace {
    std::string path;         ///< with all links followed
    bool isOpenFile = false;  ///< the path names an open descriptor, as /dev/stdout does
    int descriptor = -1;      ///< its number if this program has it open, else -1
    bool isThere = false;     ///< a file is there, and `status` describes it
    struct stat status {};

    /// Whether a new file takes its place. Devices, pipes and descriptors are written to instead.
    [[nodiscard]] bool isReplaced() const { return !isOpenFile && (!isThere || S_ISREG(status.st_mode)); }
    [[nodiscard]] std::string folder() const;
};

/// Errors: `path` is one of the inputs (Usage). It cannot be looked up, is a folder, or is a link or file of another
/// user in a folder where everybody may put files (Output).
[[nodiscard]] Result<OutputPlace> findOutputPlace(const std::string& path, const InputFiles& inputs);

}  // namespace alloclens
