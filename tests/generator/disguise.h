// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ways in which a log arrives disfigured: saved on another system, decoded in the wrong code page, coloured, or
// with text added to its lines. Each keeps the number of lines, so the truth still applies.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace alloclens::generator {

enum class Disguise {
    CrLf,             // Windows line ends
    ByteOrderMark,    // EF BB BF at the start
    MacRoman,         // UTF-8 read as Mac Roman and saved as UTF-8: ✓ becomes ‚úì
    Cp1252,           // the same with Windows-1252: ✓ becomes âœ“
    AnsiColours,      // escape sequences around the symbol, the process and the device
    LineNumbers,      // `Line 17: ` before each line
    Timestamps,       // `2026-03-14T09:26:53.512Z ` before each line
    ContainerTag,     // `server-1  | ` before each line
    TrailingComment,  // ` ← comment` after each line that is not blank
    DockerJson,       // `{"log":"...\n","stream":"stdout"}`
    RsyslogOctal,     // a tag, and #342 for each byte that is not plain text
    NoBreakSpaces,    // U+00A0 for each blank, as after copying from a page
    ProgressBar,      // a progress bar that was overwritten, before each line
};

// A disguise and its name on the command line.
struct NamedDisguise {
    std::string_view name;
    Disguise disguise;
};
[[nodiscard]] std::span<const NamedDisguise> disguises();

// Disguises a log piece by piece. Requires: each piece except the last ends with a newline.
class Disguiser {
public:
    explicit Disguiser(Disguise disguise) : m_disguise(disguise) {}

    [[nodiscard]] std::string apply(std::string_view lines);

private:
    void append(std::string& out, std::string_view line);

    Disguise m_disguise;
    std::uint64_t m_line = 0;
};

[[nodiscard]] std::string disguise(std::string_view log, Disguise disguise);

}  // namespace alloclens::generator
