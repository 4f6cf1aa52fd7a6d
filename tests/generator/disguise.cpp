// SPDX-License-Identifier: GPL-3.0-or-later
#include "disguise.h"

#include <array>

namespace alloclens::generator {

namespace {

// The characters of Mac Roman for the bytes 80 to FF.
constexpr std::u16string_view kMacRoman = u"ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü"
                                          u"†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø"
                                          u"¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ"
                                          u"‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";

// The characters of Windows-1252 for the bytes 80 to 9F. Undefined bytes become the control character of the same
// number, as in browsers. Bytes from A0 on are Latin-1.
constexpr std::u16string_view kCp1252 = u"€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f"
                                        u"\x90‘’“”•–—˜™š›œ\x9džŸ";

static_assert(kMacRoman.size() == 128 && kCp1252.size() == 32);

constexpr std::array<NamedDisguise, 13> kDisguises{{
    {"crlf", Disguise::CrLf},
    {"bom", Disguise::ByteOrderMark},
    {"mac-roman", Disguise::MacRoman},
    {"cp1252", Disguise::Cp1252},
    {"ansi", Disguise::AnsiColours},
    {"line-numbers", Disguise::LineNumbers},
    {"timestamps", Disguise::Timestamps},
    {"container", Disguise::ContainerTag},
    {"comments", Disguise::TrailingComment},
    {"docker-json", Disguise::DockerJson},
    {"rsyslog-octal", Disguise::RsyslogOctal},
    {"no-break-spaces", Disguise::NoBreakSpaces},
    {"progress-bar", Disguise::ProgressBar},
}};

// All characters of both tables are below U+10000.
void appendUtf8(std::string& out, char16_t point) {
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xC0 | (point >> 6U));
        out += static_cast<char>(0x80 | (point & 0x3FU));
    } else {
        out += static_cast<char>(0xE0 | (point >> 12U));
        out += static_cast<char>(0x80 | ((point >> 6U) & 0x3FU));
        out += static_cast<char>(0x80 | (point & 0x3FU));
    }
}

void appendMisread(std::string& out, std::string_view text, Disguise codePage) {
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x80) {
            out += character;
        } else if (codePage == Disguise::MacRoman) {
            appendUtf8(out, kMacRoman[byte - 0x80U]);
        } else {
            appendUtf8(out, byte < 0xA0 ? kCp1252[byte - 0x80U] : char16_t{byte});
        }
    }
}

// Colours the first occurrence of each part, up to the character that ends it.
void appendColoured(std::string& out, std::string_view line) {
    struct Part {
        std::string_view begin;
        std::string_view end;
        std::string_view colour;
    };
    constexpr std::array<Part, 6> kParts{{
        {"✓", " ", "\x1b[32m"},
        {"✗", " ", "\x1b[31m"},
        {"⚠", " ", "\x1b[1;33m"},
        {"[PID ", "]", "\x1b[38;5;39m"},
        {" on device ", "(", "\x1b[1m"},
        {"bytes", " ", "\x1b[2m"},
    }};
    std::string coloured(line);
    for (const Part& part : kParts) {
        const std::size_t begin = coloured.find(part.begin);
        if (begin == std::string::npos) {
            continue;
        }
        std::size_t end = coloured.find(part.end, begin + part.begin.size());
        end = end == std::string::npos ? coloured.size() : end;
        coloured.insert(end, "\x1b[0m").insert(begin, part.colour);
    }
    out += coloured;
}

std::string padded(std::uint64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    return std::string(digits.size() < width ? width - digits.size() : 0, '0') + digits;
}

// The clock starts at 09:26:53 and advances seven milliseconds a line.
std::string timestamp(std::uint64_t line) {
    const std::uint64_t milliseconds = ((9 * 60 + 26) * 60 + 53) * 1000ULL + line * 7;
    const std::uint64_t seconds = milliseconds / 1000 % 86'400;
    return "2026-03-14T" + padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":"
           + padded(seconds % 60, 2) + "." + padded(milliseconds % 1000, 3) + "Z ";
}

void appendJson(std::string& out, std::string_view line) {
    out += "{\"log\":\"";
    for (const char character : line) {
        if (character == '"' || character == '\\') {
            out += '\\';
        }
        out += character;
    }
    out += "\\n\",\"stream\":\"stdout\"}";
}

void appendOctal(std::string& out, std::string_view line) {
    out += "2026-02-26T21:56:40+00:00 node7 ttalloc[4711]: ";
    for (const char character : line) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x80) {
            out += character;
        } else {
            out += '#';
            out += static_cast<char>('0' + (byte >> 6U));
            out += static_cast<char>('0' + (byte >> 3U & 7U));
            out += static_cast<char>('0' + (byte & 7U));
        }
    }
}

void appendWithoutBlanks(std::string& out, std::string_view line) {
    for (const char character : line) {
        if (character == ' ') {
            out += "\u00a0";
        } else {
            out += character;
        }
    }
}

std::string_view comment(std::uint64_t line) {
    constexpr std::array<std::string_view, 4> kComments{" ← look here", " ← same buffer as before?", " ← #2", " ← ok"};
    return kComments.at(line % kComments.size());
}

}  // namespace

std::span<const NamedDisguise> disguises() { return kDisguises; }

void Disguiser::append(std::string& out, std::string_view line) {
    switch (m_disguise) {
    case Disguise::MacRoman:
    case Disguise::Cp1252: appendMisread(out, line, m_disguise); return;
    case Disguise::AnsiColours: appendColoured(out, line); return;
    case Disguise::DockerJson: appendJson(out, line); return;
    case Disguise::RsyslogOctal: appendOctal(out, line); return;
    case Disguise::NoBreakSpaces: appendWithoutBlanks(out, line); return;
    case Disguise::ProgressBar: out += " 10 %|#   |\r100 %|####|\r"; break;
    case Disguise::ByteOrderMark: out += m_line == 1 ? "\xef\xbb\xbf" : ""; break;
    case Disguise::LineNumbers: out += "Line " + std::to_string(m_line) + ": "; break;
    case Disguise::Timestamps: out += timestamp(m_line); break;
    case Disguise::ContainerTag: out += "server-1  | "; break;
    case Disguise::CrLf:
    case Disguise::TrailingComment: break;
    }
    out += line;
    if (m_disguise == Disguise::CrLf) {
        out += '\r';
    } else if (m_disguise == Disguise::TrailingComment && line.find_first_not_of(' ') != std::string_view::npos) {
        out += comment(m_line);
    }
}

std::string Disguiser::apply(std::string_view lines) {
    std::string out;
    out.reserve(lines.size() + lines.size() / 4);
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        ++m_line;
        append(out, lines.substr(0, end));
        if (end == std::string_view::npos) {
            break;
        }
        out += '\n';
        lines.remove_prefix(end + 1);
    }
    return out;
}

std::string disguise(std::string_view log, Disguise disguise) { return Disguiser(disguise).apply(log); }

}  // namespace alloclens::generator
