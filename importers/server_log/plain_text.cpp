// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/plain_text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace alloclens::server_log {
namespace {

constexpr char kBell = '\a';
constexpr char kBackspace = '\b';
constexpr char kBackslash = '\\';

/// Controls that a terminal obeys without showing anything: the bell, and the shifts between two sets of characters.
bool isSilent(char c) { return c == kBell || c == '\x0e' || c == '\x0f'; }

unsigned byteAt(std::string_view text, std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

/// The length of a blank that is not U+0020: no-break, of a fixed width, ideographic. 0 for other text.
std::size_t wideBlank(std::string_view text) {
    const unsigned first = byteAt(text, 0);
    const unsigned second = byteAt(text, 1);
    const unsigned third = byteAt(text, 2);
    if (first == 0xC2) return second == 0xA0 ? 2 : 0;                   // U+00A0
    if (first == 0xE1) return second == 0x9A && third == 0x80 ? 3 : 0;  // U+1680
    if (first == 0xE3) return second == 0x80 && third == 0x80 ? 3 : 0;  // U+3000
    if (first != 0xE2) return 0;
    const bool isFixed = second == 0x80 && ((third >= 0x80 && third <= 0x8A) || third == 0xAF);  // U+2000-A, U+202F
    return isFixed || (second == 0x81 && third == 0x9F) ? 3 : 0;                                 // U+205F
}

/// A character without width that copying from a page leaves: zero-width blanks and joiners, marks of a direction, soft
/// hyphens, a byte order mark.
std::size_t invisible(std::string_view text) {
    const unsigned first = byteAt(text, 0);
    const unsigned second = byteAt(text, 1);
    const unsigned third = byteAt(text, 2);
    if (first == 0xC2) return second == 0xAD ? 2 : 0;
    if (first == 0xE2) {
        const bool isMark = second == 0x80 && (third == 0x8B || third == 0x8E || third == 0x8F);
        const bool isEmbedding = second == 0x80 && third >= 0xAA && third <= 0xAE;
        const bool isIsolate = second == 0x81 && (third == 0xA0 || (third >= 0xA6 && third <= 0xA9));
        return isMark || isEmbedding || isIsolate ? 3 : 0;
    }
    return first == 0xEF && second == 0xBB && third == 0xBF ? 3 : 0;
}

/// A dash that a word processor made of a hyphen: U+2010 to U+2013 and the minus. 0 for other text.
std::size_t dash(std::string_view text) {
    if (byteAt(text, 0) != 0xE2) return 0;
    const unsigned second = byteAt(text, 1);
    const unsigned third = byteAt(text, 2);
    return (second == 0x80 && third >= 0x90 && third <= 0x93) || (second == 0x88 && third == 0x92) ? 3 : 0;
}

/// A control of 8 bits where it is no part of a character: as the byte itself or as U+0080 to U+009F.
std::size_t control8(std::string_view text, bool isInCharacter, char& control) {
    const unsigned first = byteAt(text, 0);
    const auto isOpener = [](unsigned byte) {  // DCS, SOS, CSI, ST, OSC, PM, APC
        return byte == 0x90 || byte == 0x98 || (byte >= 0x9B && byte <= 0x9F);
    };
    if (first == 0xC2 && isOpener(byteAt(text, 1))) {
        control = static_cast<char>(byteAt(text, 1) - 0x40);
        return 2;
    }
    if (isInCharacter || !isOpener(first)) return 0;
    control = static_cast<char>(first - 0x40);
    return 1;
}

/// What follows CSI: parameters, intermediates, a final byte. Cut by the end of the text, all of it.
std::size_t csiLength(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size() && text[at] >= ' ' && text[at] <= '?') ++at;
    // Anything else than a final byte belongs to no sequence.
    return at < text.size() && text[at] >= '@' && text[at] <= '~' ? at + 1 : at;
}

/// A string with its end, ST or BEL. One without is no string: 0.
std::size_t stringLength(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == kBell) return at + 1;
        if (text[at] == kEscape) {
            const bool isCut = at + 1 == text.size();
            return isCut ? at + 1 : text[at + 1] == '\\' ? at + 2 : 0;
        }
        if (byteAt(text, at) == 0xC2 && byteAt(text, at + 1) == 0x9C) return at + 2;
        const bool isAlone = at == 0 || byteAt(text, at - 1) < 0x80;
        if (byteAt(text, at) == 0x9C && isAlone) return at + 1;
    }
    return 0;
}

/// Of a string that no end follows: what must be no words of the server, such as the numbers of "0;title".
std::size_t unfinishedStringLength(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size() && ((text[at] >= '0' && text[at] <= '9') || text[at] == ';')) ++at;
    return at;
}

/// What follows an opener, ESC itself not counted: `opener` is the byte behind ESC.
std::size_t sequenceLength(char opener, std::string_view rest) {
    switch (opener) {
    case '[': return csiLength(rest);
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_': {
        const std::size_t length = stringLength(rest);
        return length > 0 ? length : unfinishedStringLength(rest);
    }
    default: break;
    }
    if (opener < ' ' || opener > '/') return 0;
    // Intermediates and a final byte: ESC ( B, ESC # 8, ESC SP F
    std::size_t at = 0;
    while (at < rest.size() && rest[at] >= ' ' && rest[at] <= '/') ++at;
    return std::min(at + 1, rest.size());
}

/// Takes the last character of what was copied.
void strike(std::string& plain) {
    while (!plain.empty() && (static_cast<unsigned char>(plain.back()) & 0xC0U) == 0x80U) plain.pop_back();
    if (!plain.empty()) plain.pop_back();
}

}  // namespace

std::size_t plainEnd(std::string_view text, std::size_t at) {
    const auto isPlain = [](char c) { return c >= ' ' && c != kBackslash; };  // no byte of a longer character either
    for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t bytes;
        std::memcpy(&bytes, text.data() + at, sizeof bytes);
        constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
        constexpr std::uint64_t kHighs = 0x80 * kOnes;
        // A byte has its highest bit, or is less than a blank and borrows, or is less than 1 without the backslash.
        const std::uint64_t below = (bytes | kHighs) - ' ' * kOnes;
        const std::uint64_t different = ((bytes ^ kBackslash * kOnes) | kHighs) - kOnes;
        if (((bytes | ~below | ~different) & kHighs) != 0) break;
    }
    while (at < text.size() && isPlain(text[at])) ++at;
    return at;
}

bool holdsControls(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        at = plainEnd(text, at);
        if (at == text.size()) return false;
        const auto byte = static_cast<unsigned char>(text[at]);
        if (text[at] == kBackslash) continue;
        if (byte < ' ') {
            if (byte == 0 || text[at] == kEscape || text[at] == kBackspace || isSilent(text[at])) return true;
            continue;
        }
        const std::string_view rest = text.substr(at);
        char control = 0;
        const bool isInCharacter = at > 0 && byteAt(text, at - 1) >= 0x80;
        if (wideBlank(rest) > 0 || invisible(rest) > 0 || dash(rest) > 0 || control8(rest, isInCharacter, control) > 0)
            return true;
    }
    return false;
}

void copyPlain(std::string_view line, std::string& plain) {
    plain.clear();
    for (std::size_t at = 0; at < line.size();) {
        const char c = line[at];
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= ' ' && byte < 0x80) {
            plain += c;
            ++at;
        } else if (c == '\0' || isSilent(c)) {
            ++at;
        } else if (c == kBackspace) {
            strike(plain);
            ++at;
        } else if (c == kEscape) {
            if (at + 1 >= line.size()) break;
            const char opener = line[at + 1];
            // ESC before a control or a character of several bytes is nothing by itself.
            const bool isSequence = opener >= ' ' && opener <= '~';
            at += isSequence ? 2 + sequenceLength(opener, line.substr(at + 2)) : 1;
        } else {
            const std::string_view rest = line.substr(at);
            char control = 0;
            const bool isInCharacter = at > 0 && byteAt(line, at - 1) >= 0x80;
            if (const std::size_t blank = wideBlank(rest); blank > 0) {
                plain += ' ';
                at += blank;
            } else if (const std::size_t hyphen = dash(rest); hyphen > 0) {
                plain += '-';
                at += hyphen;
            } else if (const std::size_t nothing = invisible(rest); nothing > 0) {
                at += nothing;
            } else if (const std::size_t opener = control8(rest, isInCharacter, control); opener > 0) {
                at += opener;
                if (control != '\\') at += sequenceLength(control, line.substr(at));
            } else {
                plain += c;
                ++at;
            }
        }
    }
}

}  // namespace alloclens::server_log
