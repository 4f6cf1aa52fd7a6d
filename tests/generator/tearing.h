// SPDX-License-Identifier: GPL-3.0-or-later
//
// A log into which others write at the same time: the server prints a line in pieces (its words, each number, the line
// end), and between any two of them other programs, and other threads of the server that complain without a lock, may
// write pieces of their own lines. What the server says and its order stay, so that the untorn log is the truth.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace alloclens::generator {

struct Tearing {
    std::uint64_t seed = 1;
    double share = 0.001;          // another writer begins a line before a piece of the server
    double pace = 0.6;             // it writes its next piece before the server's next one
    bool piecesAtAnyByte = false;  // the server's pieces are cut anywhere, once a line, and not where a server cuts
    int devices = 8;
};

[[nodiscard]] std::string tear(std::string_view log, const Tearing& tearing);

}  // namespace alloclens::generator
