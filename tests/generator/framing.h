// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cuts a server's lines and marks the pieces, as collectors, containers and terminals do. The number of lines changes;
// the server's words and their order do not. So the uncut log is the truth for the cut one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace alloclens::generator {

enum class Framing {
    CriParts,          // `time stdout P ` before parts, F before the last one
    SyslogFragments,   // each part is a line with the same tag
    BareFragments,     // each part is a line
    GitLab,            // `time 01O ` before a line, `time 01O+` before its continuation
    DockerParts,       // json-file: only the last part has the line end
    JournalParts,      // MESSAGE as text, or as bytes if it is not plain text
    MidLineTags,       // `[1,0]<stdout>:` before each part, all on one line
    RankTags,          // `0: ` before each part, all on one line
    Wrapped80,         // by a terminal
    Wrapped100Padded,  // with blanks up to the width
    Wrapped132,
};

struct NamedFraming {
    std::string_view name;
    Framing framing;
};
[[nodiscard]] std::span<const NamedFraming> framings();

// Cuts one in `oneIn` of the places where the server pauses; terminals cut at their width.
[[nodiscard]] std::string frame(std::string_view log, Framing framing, std::uint64_t oneIn);

}  // namespace alloclens::generator
