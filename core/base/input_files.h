// SPDX-License-Identifier: GPL-3.0-or-later
//
// The files that a program reads, which no result may replace. A file is known by its device and number, so that links
// to it and other ways to write its path make no difference. A value; made before anything is read.
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
    /// `role` says what it is read for: "the log to be read". "-" is standard input. What does not exist, and what
    /// writing does not harm, such as a terminal or a socket, is left out.
    void add(const std::string& path, std::string_view role);

    /// The role of a file that is one of these.
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
