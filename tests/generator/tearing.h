// SPDX-License-Identifier: GPL-3.0-or-later
//
// A log that others write to at the same time. The server prints a line in pieces: its words, each number, the newline.
// Between two pieces other programs, and threads of the server that complain without a lock, may write pieces of their
// own lines. The server's words keep their order, so the untorn log is the truth.
//
//     server          Freed buffer 4096 on device 3\n
//     other program   step 9\n
//     torn log        Freed buffer step 9\n4096 on device 3\n
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace alloclens::generator {

struct Tearing {
    std::uint64_t seed = 1;
    double share = 0.001;          // probability that another writer begins a line before a piece of the server
    double pace = 0.6;             // probability that it writes its next piece before the server's next one
    bool piecesAtAnyByte = false;  // cuts the server's lines anywhere, once a line, instead of between its pieces
    int devices = 8;
};

[[nodiscard]] std::string tear(std::string_view log, const Tearing& tearing);

}  // namespace alloclens::generator
