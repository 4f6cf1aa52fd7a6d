// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/frames/line_frame.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>

#include "importers/server_log/event_line.h"
#include "importers/server_log/fact_line.h"
#include "importers/server_log/frames/time_text.h"

namespace alloclens::server_log {
namespace {

bool isHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
bool isOctal(char c) { return c >= '0' && c <= '7'; }

/// "2026-02-26T21:56:40.054800+00:00 stdout P " and what is behind it.
std::optional<FramedPiece> readCri(std::string_view line) {
    std::size_t at = timeLength(line);
    if (at == 0 || at >= line.size() || line[at] != ' ') return std::nullopt;
    line.remove_prefix(at + 1);
    FramedPiece piece;
    for (const std::string_view stream : {"stdout", "stderr"}) {
        if (line.starts_with(stream)) piece.stream = stream;
    }
    if (piece.stream.empty()) return std::nullopt;
    line.remove_prefix(piece.stream.size());
    constexpr std::size_t kMark = 2;
    if (line.size() < kMark || line[0] != ' ' || (line[1] != 'P' && line[1] != 'F')) return std::nullopt;
    piece.end = line[1] == 'P' ? FramedPiece::End::Open : FramedPiece::End::Closed;
    line.remove_prefix(kMark);
    if (line.starts_with(':')) line.remove_prefix(std::min(line.find(' '), line.size()));  // further marks
    if (line.starts_with(' ')) line.remove_prefix(1);
    piece.text = line;
    return piece;
}

/// "2026-02-26T21:56:40.054800Z 01O " and "01O+".
std::optional<FramedPiece> readGitLab(std::string_view line) {
    const std::size_t at = timeLength(line);
    constexpr std::size_t kMark = 5;  // " 01O+"
    if (at == 0 || line.size() < at + kMark - 1 || line[at] != ' ') return std::nullopt;
    const std::string_view mark = line.substr(at + 1, kMark - 1);
    if (!isHexDigit(mark[0]) || !isHexDigit(mark[1]) || (mark[2] != 'O' && mark[2] != 'E')) return std::nullopt;
    if (mark.size() > 3 && mark[3] != ' ' && mark[3] != '+') return std::nullopt;
    FramedPiece piece;
    piece.stream = mark.substr(0, 3);
    piece.continues = mark.size() > 3 && mark[3] == '+';
    piece.end = FramedPiece::End::Unknown;
    piece.text = line.substr(std::min(line.size(), at + kMark));
    return piece;
}

template <typename Read>
bool isMostly(const std::vector<std::string_view>& lines, Read read) {
    std::size_t asked = 0;
    std::size_t told = 0;
    for (const std::string_view line : lines) {
        if (line.empty()) continue;
        ++asked;
        told += read(line) ? 1 : 0;
    }
    return asked > 0 && told * 10 >= asked * 9;
}

/// "#342" in place of the byte, as rsyslog writes what is no plain text.
bool isOctalByte(std::string_view text) {
    constexpr std::size_t kLength = 4;
    return text.size() >= kLength && text[0] == '#' && text[1] >= '0' && text[1] <= '3' && isOctal(text[2])
           && isOctal(text[3]);
}

char octalByte(std::string_view text) {
    return static_cast<char>(static_cast<unsigned char>((text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0')));
}

std::string withoutOctal(std::string_view text) {
    constexpr std::size_t kLength = 4;
    std::string bytes;
    for (std::size_t at = 0; at < text.size();) {
        const char byte = isOctalByte(text.substr(at)) ? octalByte(text.substr(at)) : '\0';
        const auto value = static_cast<unsigned char>(byte);
        if (byte != '\0' && (value < 0x20 || value >= 0x7F)) {
            bytes += byte == '\n' ? '\v' : byte;
            at += kLength;
        } else {
            bytes += text[at++];
        }
    }
    return bytes;
}

/// A text with an octal symbol before its words begins with the symbol.
std::size_t withOctalSymbol(std::string_view line, std::size_t begin) {
    constexpr std::size_t kLength = 4;
    while (begin >= kLength && isOctalByte(line.substr(begin - kLength, kLength))) begin -= kLength;
    return begin;
}

}  // namespace

std::size_t eventTextBegin(std::string_view line) {
    std::size_t head = line.find(kProcessHead);
    // Where the line was cut behind its first words, their blank may be gone.
    constexpr std::string_view kHeadAlone = "[PID";
    if (head == std::string_view::npos && line.ends_with(kHeadAlone)) head = line.size() - kHeadAlone.size();
    if (head == std::string_view::npos) return head;
    const std::size_t begin = head;
    if (begin == 0 || line[begin - 1] != ' ') return begin;
    std::size_t symbol = begin - 1;
    const auto isSymbol = [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0 || c == '?'; };
    while (symbol > 0 && (isSymbol(line[symbol - 1]))) --symbol;
    symbol = withOctalSymbol(line, symbol);
    // "\u2713", as JSON writes it
    constexpr std::size_t kEscaped = 6;
    while (symbol >= kEscaped && line.substr(symbol - kEscaped, 2) == "\\u") symbol -= kEscaped;
    return symbol < begin - 1 ? symbol : begin;
}

LineFrame LineFrame::learn(const std::vector<std::string_view>& lines) {
    LineFrame frame;
    if (isMostly(lines, [](std::string_view line) { return readCri(line).has_value(); })) {
        frame.m_kind = Kind::Cri;
        return frame;
    }
    if (isMostly(lines, [](std::string_view line) { return readGitLab(line).has_value(); })) {
        frame.m_kind = Kind::GitLab;
        return frame;
    }
    if (isMostly(lines, [](std::string_view line) { return line.front() == '{'; })) {
        frame.m_json = JsonShape::learn(lines);
        if (!frame.m_json) return frame;
        frame.m_kind = Kind::Json;
        std::deque<std::string> texts;
        for (const std::string_view line : lines) {
            if (auto object = frame.m_json->read(line)) texts.push_back(std::move(object->text));
        }
        frame.m_coding = TextCoding::learn({texts.begin(), texts.end()});
        return frame;
    }
    frame.m_coding = TextCoding::learn(lines);
    if (!frame.m_coding.isAny()) {
        frame.learnTags(lines);
        frame.learnEnds(lines);
    } else {
        std::deque<std::string> texts;
        for (const std::string_view line : lines) texts.push_back(frame.m_coding.decode(line));
        frame.learnTags({texts.begin(), texts.end()});
        frame.learnEnds({texts.begin(), texts.end()});
    }
    if (frame.m_kind == Kind::Bare) frame.learnBackslashes(lines);
    return frame;
}

void LineFrame::learnTags(const std::vector<std::string_view>& lines) {
    std::vector<std::string_view> before;
    std::size_t withOctal = 0;
    for (const std::string_view line : lines) {
        const std::size_t begin = eventTextBegin(line);
        const bool isRepeat = line.substr(0, begin).find("message repeated ") != std::string_view::npos;
        if (begin == std::string_view::npos || isRepeat) continue;
        before.push_back(line.substr(0, begin));
        withOctal += isOctalByte(line.substr(begin)) ? 1 : 0;
    }
    m_shape = TagShape::learn(before);
    if (m_shape) m_kind = Kind::Tagged;
    m_hasOctal = withOctal * 2 > before.size();
}

void LineFrame::learnEnds(const std::vector<std::string_view>& lines) {
    m_tail = LineTail::learn(lines);
    m_hidesHeadings = m_tail && !endsHeading(m_tail->text());
}

// An editor, or a tool that prints long lines, puts a backslash where it wraps one.
void LineFrame::learnBackslashes(const std::vector<std::string_view>& lines) {
    std::map<std::size_t, std::size_t> widths;
    std::size_t marked = 0;
    for (std::string_view line : lines) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!line.ends_with('\\')) continue;
        ++widths[displayWidth(line)];
        ++marked;
    }
    constexpr std::size_t kNarrowest = 20;
    for (const auto& [width, count] : widths) {
        if (width >= kNarrowest && count > 1 && count * 10 >= marked * 9) m_backslashWidth = width;
    }
}

FramedPiece LineFrame::read(std::string_view line) const {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool goesOn = m_backslashWidth > 0 && line.ends_with('\\') && displayWidth(line) == m_backslashWidth;
    if (goesOn) line.remove_suffix(1);
    std::string decoded;
    if (m_coding.isAny() && m_kind != Kind::Json) {
        decoded = m_coding.decode(line);
        line = decoded;
    }
    if (m_tail && !goesOn) line = m_tail->without(line);
    std::optional<FramedPiece> piece;
    switch (m_kind) {
    case Kind::Bare: break;
    case Kind::Cri: piece = readCri(line); break;
    case Kind::GitLab: piece = readGitLab(line); break;
    case Kind::Tagged:
        if (const auto tag = m_shape->match(line)) {
            piece.emplace();
            piece->stream = tag->name;
            piece->hasTag = true;
            piece->text = line.substr(tag->length);
        }
        break;
    case Kind::Json:
        if (auto object = m_json->read(line)) {
            piece.emplace();
            piece->stream = std::move(object->stream);
            piece->text = std::move(object->text);
            const bool isEnded = piece->text.ends_with('\n');
            if (isEnded) piece->text.pop_back();
            if (piece->text.ends_with('\r')) piece->text.pop_back();
            if (m_json->hasLineEnds()) piece->end = isEnded ? FramedPiece::End::Closed : FramedPiece::End::Open;
            if (object->isPartial) piece->end = FramedPiece::End::Open;
            if (m_coding.isAny()) piece->text = m_coding.decode(piece->text);
            std::replace(piece->text.begin(), piece->text.end(), '\n', '\v');
        }
        break;
    }
    if (!piece) {
        piece.emplace();
        if (goesOn) piece->end = FramedPiece::End::Open;
        piece->text = line;
    }
    if (m_hasOctal) piece->text = withoutOctal(piece->text);
    return std::move(*piece);
}

std::size_t displayWidth(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        std::uint32_t point = lead;
        if (length > 1) {
            constexpr std::array<unsigned, 5> kMasks = {0, 0, 0x1F, 0x0F, 0x07};
            point = lead & kMasks[length];
            for (std::size_t i = 1; i < length && at + i < text.size(); ++i)
                point = point << 6U | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
        }
        const bool isCombining = (point >= 0x300 && point < 0x370) || (point >= 0xFE00 && point <= 0xFE0F)
                                 || point == 0x200D || point == 0x200B;
        const bool isWide = (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF)
                            || (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF)
                            || (point >= 0xFF00 && point <= 0xFF60) || point >= 0x1F000;
        width += isCombining ? 0 : isWide ? 2 : 1;
        at += length;
    }
    return width;
}

}  // namespace alloclens::server_log
