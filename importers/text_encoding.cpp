// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/text_encoding.h"

#include <algorithm>
#include <cstdint>

#include "core/base/utf8.h"

namespace alloclens {
namespace {

using namespace std::string_view_literals;

constexpr char32_t kByteOrderMark = 0xFEFF;
constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kLast = 0x10FFFF;
constexpr std::size_t kLongestHeld = std::size_t{64} << 10;

std::uint8_t byteAt(std::string_view text, std::size_t at) { return static_cast<std::uint8_t>(text[at]); }

char32_t unitAt(std::string_view text, std::size_t at, bool isLittle) {
    const char32_t first = byteAt(text, at);
    const char32_t second = byteAt(text, at + 1);
    return isLittle ? first | second << 8 : first << 8 | second;
}

char32_t wideAt(std::string_view text, std::size_t at, bool isLittle) {
    const char32_t first = unitAt(text, at, isLittle);
    const char32_t second = unitAt(text, at + 2, isLittle);
    return isLittle ? first | second << 16 : first << 16 | second;
}

bool isPlain(char32_t unit) {
    return (unit >= ' ' && unit < 0x7F) || unit == '\n' || unit == '\r' || unit == '\t' || unit == '\f' || unit == 0x1B;
}

bool isHighSurrogate(char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool isLowSurrogate(char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

/// How many units plain text has; 0 if one of them occurs in no text.
std::size_t plainUnits(std::string_view head, bool isLittle) {
    std::size_t plain = 0;
    for (std::size_t at = 0; at + 1 < head.size(); at += 2) {
        const char32_t unit = unitAt(head, at, isLittle);
        if (isPlain(unit)) {
            ++plain;
        } else if (unit < ' ') {
            return 0;
        }
    }
    return plain;
}

// A banner of box-drawing characters may come first, so a little plain text is enough. Binary data has zeros and
// control characters; UTF-8 has no zeros.
bool looksLike16(std::string_view head, bool isLittle) {
    constexpr std::size_t kFewest = 4;
    constexpr std::size_t kOneIn = 8;
    constexpr std::size_t kTimesTheOther = 4;
    const std::size_t plain = plainUnits(head, isLittle);
    return plain >= kFewest && plain * kOneIn >= head.size() / 2
           && plain > kTimesTheOther * plainUnits(head, !isLittle);
}

/// Whether another program wrote the line as plain bytes into a UTF-16 file.
bool isBytes(std::string_view line) {
    constexpr std::size_t kShortest = 8;
    const auto isControl = [](char c) { return !isPlain(static_cast<unsigned char>(c)) && (c & 0x80) == 0; };
    return line.size() >= kShortest && std::none_of(line.begin(), line.end(), isControl) && isUtf8(line);
}

}  // namespace

TextEncoding encodingOf(std::string_view head) {
    // Text in UTF-16 has zeros. Without them the mark is two damaged bytes of a UTF-8 log.
    constexpr std::size_t kFewestToDoubt = 16;
    head = head.substr(0, kEncodingHeadBytes);
    const bool isWide = head.size() >= 8;
    if (isWide && head.starts_with("\xff\xfe\0\0"sv) && wideAt(head, 4, true) - 1 < kLast) return TextEncoding::Utf32Le;
    if (isWide && head.starts_with("\0\0\xfe\xff"sv) && wideAt(head, 4, false) - 1 < kLast)
        return TextEncoding::Utf32Be;
    const bool canBe16 = head.size() < kFewestToDoubt || head.find('\0') != std::string_view::npos;
    if (head.starts_with("\xff\xfe") && canBe16) return TextEncoding::Utf16Le;
    if (head.starts_with("\xfe\xff") && canBe16) return TextEncoding::Utf16Be;
    if (looksLike16(head, true)) return TextEncoding::Utf16Le;
    if (looksLike16(head, false)) return TextEncoding::Utf16Be;
    return TextEncoding::Utf8;
}

Result<void> Transcoder::take(std::string_view bytes, const WriteFunction& write) {
    m_held += bytes;
    isWide() ? takeWide(false) : takeLines(false);
    auto written = write(m_out.data(), m_out.size());
    m_out.clear();
    return written;
}

Result<void> Transcoder::finish(const WriteFunction& write) {
    isWide() ? takeWide(true) : takeLines(true);
    auto written = write(m_out.data(), m_out.size());
    m_out.clear();
    return written;
}

// A line ends with 0A 00 or 00 0A, at an odd offset too if a byte was lost.
void Transcoder::takeLines(bool isEnd) {
    std::size_t begin = 0;
    std::size_t from = m_searched;
    const std::string_view held = m_held;
    while (true) {
        const std::size_t newline = held.find('\n', from);
        if (newline == std::string_view::npos) {
            from = held.size();
            break;
        }
        from = newline;
        if (isLittle() && newline + 1 == held.size() && !isEnd) break;  // the next byte decides
        const bool isEven = isLittle() ? newline + 1 < held.size() && held[newline + 1] == '\0'
                                       : newline > begin && held[newline - 1] == '\0';
        const std::size_t end = isEven && !isLittle() ? newline - 1 : newline;
        const std::string_view line = held.substr(begin, end - begin);
        from = newline + 1;
        if (!isEven && !isBytes(line)) continue;
        if (isEven) {
            decodeLine(line);
        } else {
            m_out += line;
        }
        m_out += '\n';
        m_isLineStart = true;
        from = begin = isEven && isLittle() ? newline + 2 : newline + 1;
    }
    // Decodes a line that is too long to hold, except what may be half a character.
    std::size_t rest = held.size() - begin;
    if (rest > 0 && (isEnd || rest > kLongestHeld)) {
        if (!isEnd) rest = (rest - 4) / 2 * 2;
        if (!isEnd && isHighSurrogate(unitAt(held, begin + rest - 2, isLittle()))) rest -= 2;
        const std::string_view line = held.substr(begin, rest);
        if (isBytes(line)) {
            m_out += line;
        } else {
            decodeLine(line);
        }
        begin += rest;
    }
    m_searched = std::max(from, begin) - begin;
    m_held.erase(0, begin);
}

void Transcoder::decodeLine(std::string_view line) {
    if (line.size() % 2 == 1) {
        // The line has a byte too few or too many. Zeros of ASCII characters show on which side.
        std::size_t zeros[2] = {0, 0};
        for (std::size_t i = 0; i < line.size(); ++i) zeros[i % 2] += line[i] == '\0' ? 1U : 0U;
        const bool isShifted = isLittle() ? zeros[0] > zeros[1] : zeros[1] > zeros[0];
        if (isShifted) {
            put(kReplacement);
            line.remove_prefix(1);
        }
    }
    decode(line);
}

void Transcoder::decode(std::string_view units) {
    std::size_t at = 0;
    while (at + 1 < units.size()) {
        const char32_t unit = unitAt(units, at, isLittle());
        at += 2;
        if (!isHighSurrogate(unit)) {
            put(isLowSurrogate(unit) ? kReplacement : unit);
            continue;
        }
        const char32_t low = at + 1 < units.size() ? unitAt(units, at, isLittle()) : 0;
        if (!isLowSurrogate(low)) {
            put(kReplacement);
            continue;
        }
        at += 2;
        put(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
    }
    if (at < units.size()) put(kReplacement);
}

void Transcoder::takeWide(bool isEnd) {
    std::size_t at = 0;
    for (; at + 4 <= m_held.size(); at += 4) {
        const char32_t character = wideAt(m_held, at, isLittle());
        const bool isCharacter = character <= kLast && !isHighSurrogate(character) && !isLowSurrogate(character);
        put(isCharacter ? character : kReplacement);
        m_isLineStart = character == '\n';
    }
    if (isEnd && at < m_held.size()) {
        put(kReplacement);
        at = m_held.size();
    }
    m_held.erase(0, at);
}

// A byte order mark at the start of a line comes from a file that was appended.
void Transcoder::put(char32_t character) {
    if (character < 0x80) {
        m_out += static_cast<char>(character);
    } else if (character < 0x800) {
        m_out += static_cast<char>(0xC0 | character >> 6);
        m_out += static_cast<char>(0x80 | (character & 0x3F));
    } else if (character < 0x10000) {
        if (character == kByteOrderMark && m_isLineStart) return;
        m_out += static_cast<char>(0xE0 | character >> 12);
        m_out += static_cast<char>(0x80 | (character >> 6 & 0x3F));
        m_out += static_cast<char>(0x80 | (character & 0x3F));
    } else {
        m_out += static_cast<char>(0xF0 | character >> 18);
        m_out += static_cast<char>(0x80 | (character >> 12 & 0x3F));
        m_out += static_cast<char>(0x80 | (character >> 6 & 0x3F));
        m_out += static_cast<char>(0x80 | (character & 0x3F));
    }
    m_isLineStart = false;
}

}  // namespace alloclens
