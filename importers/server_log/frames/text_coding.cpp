// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/frames/text_coding.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "importers/server_log/event_line.h"

namespace alloclens::server_log {
namespace {

struct Entity {
    std::string_view name;
    std::string_view text;
};
constexpr Entity kEntities[] = {
    {"amp", "&"},    {"lt", "<"},
    {"gt", ">"},     {"quot", "\""},
    {"apos", "'"},   {"nbsp", " "},
    {"check", "✓"},  {"checkmark", "✓"},
    {"cross", "✗"},  {"lbrack", "["},
    {"rbrack", "]"}, {"lsqb", "["},
    {"rsqb", "]"},   {"lpar", "("},
    {"rpar", ")"},   {"equals", "="},
    {"colon", ":"},  {"comma", ","},
    {"lowbar", "_"}, {"UnderBar", "_"},
    {"sol", "/"},    {"hyphen", "-"},
    {"period", "."}, {"num", "#"},
    {"Tab", "\t"},   {"NonBreakingSpace", " "},
    {"thinsp", " "}, {"ensp", " "},
    {"emsp", " "},   {"excl", "!"},
};

/// Elements that stand within a line, or around one.
constexpr std::string_view kElements[] = {"span", "b",    "i",   "em",  "strong", "font", "code", "a",   "u",  "p",
                                          "div",  "mark", "kbd", "pre", "tt",     "td",   "tr",   "li",  "br", "s",
                                          "samp", "var",  "sub", "sup", "small",  "big",  "ins",  "del", "wbr"};

/// How ESC is written out.
constexpr std::string_view kEscapes[] = {"^[",   "\\033", "\\x1b", "\\x1B",  "\\u001b", "\\u001B", "\\e",
                                         "#033", "ESC",   "<ESC>", "\u241b", "<0x1b>",  "<U+001B>"};

constexpr std::string_view kEscaped = "_[](){}<>#*+-.!|~`";  // by Markdown

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

void appendCharacter(std::string& text, std::uint32_t point) {
    const auto put = [&text](std::uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0U | point >> 6U);
        put(0x80U | (point & 0x3FU));
    } else if (point < 0x10000) {
        put(0xE0U | point >> 12U);
        put(0x80U | (point >> 6U & 0x3FU));
        put(0x80U | (point & 0x3FU));
    } else {
        put(0xF0U | point >> 18U);
        put(0x80U | (point >> 12U & 0x3FU));
        put(0x80U | (point >> 6U & 0x3FU));
        put(0x80U | (point & 0x3FU));
    }
}

/// The length of the entity that `text` begins with, and its text; 0 where it begins with none.
std::size_t entityLength(std::string_view text, std::string& out) {
    constexpr std::size_t kLongest = 20;
    if (!text.starts_with('&')) return 0;
    const std::size_t end = text.substr(0, kLongest).find(';');
    if (end == std::string_view::npos || end < 3) return 0;
    std::string_view name = text.substr(1, end - 1);
    if (name.starts_with('#')) {
        name.remove_prefix(1);
        const bool isHex = name.starts_with('x') || name.starts_with('X');
        if (isHex) name.remove_prefix(1);
        std::uint32_t point = 0;
        const auto [last, error] = std::from_chars(name.data(), name.data() + name.size(), point, isHex ? 16 : 10);
        constexpr std::uint32_t kNoBreak = 0xA0;
        constexpr std::uint32_t kLast = 0x10FFFF;
        const bool isNumber = error == std::errc() && last == name.data() + name.size();
        // A line end within a line is one that the reader knows as such.
        if (isNumber && (point == '\n' || point == '\r')) {
            if (point == '\n') out += '\v';
            return end + 1;
        }
        const bool isCharacter = isNumber && point <= kLast && (point < 0xD800 || point > 0xDFFF)
                                 && (point >= ' ' || point == '\t');
        if (!isCharacter) return 0;
        appendCharacter(out, point == kNoBreak ? ' ' : point);
        return end + 1;
    }
    for (const Entity& entity : kEntities) {
        if (entity.name != name) continue;
        out += entity.text;
        return end + 1;
    }
    return 0;
}

/// "<span class=...>", "</b>", "<br/>".
std::size_t elementLength(std::string_view text) {
    constexpr std::size_t kLongest = 512;
    if (!text.starts_with('<')) return 0;
    std::size_t at = text.substr(1).starts_with('/') ? 2 : 1;
    const std::size_t begin = at;
    while (at < text.size() && isLetter(text[at])) ++at;
    const std::string_view name = text.substr(begin, at - begin);
    if (std::find(std::begin(kElements), std::end(kElements), name) == std::end(kElements)) return 0;
    if (at < text.size() && text[at] != ' ' && text[at] != '/' && text[at] != '>') return 0;
    const std::size_t end = text.substr(0, kLongest).find('>', at);
    return end == std::string_view::npos ? 0 : end + 1;
}

/// "[0;33m", "[K": what follows ESC.
std::size_t parametersLength(std::string_view text) {
    if (!text.starts_with('[')) return 0;
    std::size_t at = 1;
    while (at < text.size() && (isDigit(text[at]) || text[at] == ';' || text[at] == '?')) ++at;
    return at < text.size() && isLetter(text[at]) ? at + 1 : 0;
}

/// The same without ESC: colours alone, since "[main]", "[17ms]" and "[KERNEL_LOAD]" begin like others.
std::size_t bareSequenceLength(std::string_view text) {
    const std::size_t length = parametersLength(text);
    constexpr std::size_t kShortest = 3;
    if (length < kShortest || text[length - 1] != 'm' || !isDigit(text[length - 2])) return 0;
    constexpr std::string_view kReset = "[0m]";  // before the server's own bracket
    if (text.starts_with(kReset)) return length;
    std::size_t end = length;
    while (end < text.size() && isLetter(text[end])) ++end;
    return end < text.size() && text[end] == ']' ? 0 : length;
}

std::size_t sequenceLength(std::string_view text) {
    for (const std::string_view escape : kEscapes) {
        if (!text.starts_with(escape)) continue;
        const std::size_t rest = parametersLength(text.substr(escape.size()));
        if (rest > 0) return escape.size() + rest;
    }
    return 0;
}

/// A byte of a character of several, as \342 or \xe2: its length, or 0.
std::size_t byteLength(std::string_view text, char& byte) {
    constexpr std::size_t kLength = 4;
    if (text.size() < kLength || text[0] != '\\') return 0;
    const bool isHex = text[1] == 'x' || text[1] == 'X';
    const std::string_view digits = text.substr(isHex ? 2 : 1, isHex ? 2 : 3);
    std::uint32_t value = 0;
    const auto [last, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, isHex ? 16 : 8);
    if (error != std::errc() || last != digits.data() + digits.size() || value < 0x80 || value > 0xFF) return 0;
    byte = static_cast<char>(static_cast<unsigned char>(value));
    return kLength;
}

bool isBackslashed(std::string_view text) {
    return text.size() > 1 && text[0] == '\\' && kEscaped.find(text[1]) != std::string_view::npos;
}

template <typename Is>
bool holds(std::string_view text, Is is) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (is(text.substr(at))) return true;
    }
    return false;
}

std::string withoutEntities(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = entityLength(text.substr(at), plain);
        if (length == 0) plain += text[at];
        at += std::max<std::size_t>(length, 1);
    }
    return plain;
}

}  // namespace

bool TextCoding::isSuspect(std::string_view line) {
    const std::size_t at = line.find("PID");
    if (at == std::string_view::npos) return false;
    const bool isAfter = at > 0 && (line[at - 1] == ';' || line[at - 1] == 'm' || line[at - 1] == '>');
    const char next = at + 3 < line.size() ? line[at + 3] : ' ';
    return isAfter || (at > 1 && line[at - 2] == '\\') || (next != ' ' && next != ':');
}

TextCoding TextCoding::learn(const std::vector<std::string_view>& lines) {
    constexpr std::size_t kMostLines = 2048;
    constexpr std::size_t kOneIn = 10;
    std::size_t asked = 0;
    std::size_t entities = 0;
    std::size_t elements = 0;
    std::size_t backslashes = 0;
    std::size_t sequences = 0;
    std::size_t bare = 0;
    std::size_t bytes = 0;
    std::size_t tabs = 0;
    std::string character;
    char byte = 0;
    for (const std::string_view line : lines) {
        if (line.find("PID") == std::string_view::npos) continue;
        if (++asked > kMostLines) break;
        entities += holds(line, [&](std::string_view rest) { return entityLength(rest, character) > 0; }) ? 1 : 0;
        elements += holds(line, [](std::string_view rest) { return elementLength(rest) > 0; }) ? 1 : 0;
        backslashes += holds(line, isBackslashed) ? 1 : 0;
        sequences += holds(line, [](std::string_view rest) { return sequenceLength(rest) > 0; }) ? 1 : 0;
        bare += holds(line, [](std::string_view rest) { return bareSequenceLength(rest) > 0; }) ? 1 : 0;
        bytes += holds(line, [&](std::string_view rest) { return byteLength(rest, byte) > 0; }) ? 1 : 0;
        tabs += line.find("PID\t") != std::string_view::npos ? 1 : 0;
        character.clear();
    }
    const auto isOften = [asked](std::size_t count) { return count > 1 && count * kOneIn >= asked; };
    TextCoding coding;
    coding.m_hasEntities = isOften(entities);
    coding.m_hasElements = isOften(elements);
    coding.m_hasBackslashes = isOften(backslashes);
    coding.m_hasSequences = isOften(sequences);
    coding.m_hasBareSequences = !coding.m_hasSequences && isOften(bare);
    coding.m_hasBytes = isOften(bytes);
    coding.m_hasTabs = isOften(tabs);
    return coding;
}

std::string TextCoding::decode(std::string_view text) const {
    std::string held;
    // What was copied from one page to another is written so twice.
    constexpr int kMostPasses = 3;
    for (int pass = 0; m_hasEntities && pass < kMostPasses && text.find('&') != std::string_view::npos; ++pass) {
        held = withoutEntities(text);
        text = held;
    }
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = text.substr(at);
        std::size_t length = 0;
        if (m_hasSequences) length = sequenceLength(rest);
        if (m_hasBareSequences) length = bareSequenceLength(rest);
        if (length == 0 && m_hasElements) length = elementLength(rest);
        if (length == 0 && m_hasBackslashes && isBackslashed(rest)) length = 1;
        if (length > 0) {
            at += length;
            continue;
        }
        char byte = 0;
        if (m_hasBytes) length = byteLength(rest, byte);
        if (length > 0) {
            plain += byte;
            at += length;
            continue;
        }
        plain += m_hasTabs && text[at] == '\t' ? ' ' : text[at];
        ++at;
    }
    return plain;
}

}  // namespace alloclens::server_log
