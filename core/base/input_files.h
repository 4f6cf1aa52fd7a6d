// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files that the program reads, so that no result overwrites one of them. Files are compared by device and inode
// number: links and other spellings of a path do not matter. Filled before anything is read; any number of threads may
// ask afterwards.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

struct stat;

namespace alloclens {

class InputFiles {
public:
    /// Adds the file at `path`; "-" is standard input. `role` names it in error messages: "the log to be read". Leaves
    /// out what does not exist, and what writing does not harm: terminals, pipes, sockets.
    void add(const std::string& path, std::string_view role);

    /// The role of the file if it is one of these, else none.
    [[nodiscard]] std::optional<std::string> roleOf(const struct stat& status) const;

private:
    struct Input {
        dev_t device;
        ino_t number;
        std::string role;
    };
    std::vector<Input> m_inputs;
};

}  // namespace alloclens
