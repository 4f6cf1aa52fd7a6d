// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/text_break.h"

#include <algorithm>

#include "importers/server_log/cursor.h"
#include "importers/server_log/event_line.h"
#include "importers/server_log/plain_text.h"

namespace alloclens::server_log {
namespace {

/// The length of a break that begins with this byte, which is none of the common ones.
std::size_t breakLength(std::string_view text) {
    const auto byteAt = [text](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    switch (byteAt(0)) {
    case '\v':
    case '\f': return 1;
    case '\r': return text.find_first_not_of('\r') == std::string_view::npos ? 0 : 1;  // not the line's own end
    case '\\': return byteAt(1) == 'n' || byteAt(1) == 'r' ? 2 : 0;
    case 0xC2: return byteAt(1) == 0x85 ? 2 : 0;
    case 0xE2: return byteAt(1) == 0x80 && (byteAt(2) == 0xA8 || byteAt(2) == 0xA9) ? 3 : 0;
    default: return 0;
    }
}

constexpr std::string_view kRepeated = "message repeated ";

}  // namespace

TextBreak nextBreak(std::string_view text, std::size_t from, bool isList) {
    for (std::size_t at = from; at < text.size(); ++at) {
        if (!isList) at = plainEnd(text, at);  // of a list, quotes matter as well
        if (at == text.size()) break;
        const auto byte = static_cast<unsigned char>(text[at]);
        const bool isQuote = byte == '"' || byte == '\'';
        if (isList && isQuote && at + 1 < text.size() && (text[at + 1] == ',' || text[at + 1] == ']')) return {at, 2};
        if (byte >= ' ' && byte < 0x80 && byte != '\\') continue;
        if (const std::size_t length = breakLength(text.substr(at)); length > 0) return {at, length};
    }
    return {};
}

bool looksLikeList(std::string_view text) {
    const std::size_t first = nextHead(text, 0);
    return first != std::string_view::npos && nextHead(text, first + 1) != std::string_view::npos;
}

std::size_t safeCut(std::string_view piece) {
    constexpr std::size_t kLongestEvent = 512;
    const std::size_t near = piece.size() - std::min(piece.size() / 2, kLongestEvent);
    std::size_t cut = 0;
    for (TextBreak next = nextBreak(piece, near); next.length > 0; next = nextBreak(piece, next.at + next.length))
        cut = next.at + next.length;
    if (cut > 0) return cut;
    for (std::size_t head = nextHead(piece, near); head != std::string_view::npos; head = nextHead(piece, head + 1))
        cut = head;
    if (cut > 0) return cut;
    cut = piece.size();
    // The head of the next event may have begun.
    for (std::size_t length = kProcessHead.size() - 1; length > 0; --length) {
        if (piece.ends_with(kProcessHead.substr(0, length))) return std::max<std::size_t>(cut - length, 1);
    }
    const std::size_t blank = piece.find_last_of(' ');
    if (blank != std::string_view::npos && blank >= near) return blank + 1;
    while (cut > 1 && (static_cast<unsigned char>(piece[cut - 1]) & 0xC0U) == 0x80U) --cut;
    const bool isLead = cut > 1 && (static_cast<unsigned char>(piece[cut - 1]) & 0x80U) != 0;
    return isLead ? cut - 1 : piece.size();
}

std::uint64_t repeatsBefore(std::string_view before) {
    const std::size_t at = before.rfind(kRepeated);
    if (at == std::string_view::npos) return 1;
    Cursor cursor(before, at + kRepeated.size());
    std::uint64_t times = 1;
    if (!cursor.number(times)) return cursor.isOutOfRange() ? ~std::uint64_t{0} : 1;
    return cursor.literal(" times: [") || cursor.literal(" time: [") ? std::max<std::uint64_t>(times, 1) : 1;
}

bool saysRepeated(std::string_view text) {
    const std::size_t last = text.find_last_not_of(" \t\r-");  // "--- last message repeated 4 times ---"
    text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
    return (text.ends_with(" times") || text.ends_with(" time")) && text.find(kRepeated) != std::string_view::npos;
}

}  // namespace alloclens::server_log
