// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/frames/time_text.h"

#include <algorithm>

namespace alloclens::server_log {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Walks along a pattern: '0' is a digit, '_' a blank or a digit, 'A' a letter, all else itself.
std::size_t patternLength(std::string_view text, std::string_view pattern) {
    if (text.size() < pattern.size()) return 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = text[i];
        switch (pattern[i]) {
        case '0':
            if (!isDigit(c)) return 0;
            break;
        case '_':
            if (!isDigit(c) && c != ' ') return 0;
            break;
        case 'A':
            if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))) return 0;
            break;
        default:
            if (c != pattern[i]) return 0;
        }
    }
    return pattern.size();
}

/// ".512", ",512Z", "+02:00": what may follow a time of day.
std::size_t fractionAndZone(std::string_view text) {
    std::size_t at = 0;
    if (at + 1 < text.size() && (text[at] == '.' || text[at] == ',') && isDigit(text[at + 1])) {
        ++at;
        while (at < text.size() && isDigit(text[at])) ++at;
    }
    if (at < text.size() && text[at] == 'Z') return at + 1;
    for (const std::string_view zone : {"+00:00", "-00:00", "+0000", "-0000"}) {
        if (const std::size_t length = patternLength(text.substr(at), zone); length > 0) return at + length;
    }
    for (const std::string_view zone : {" +0000", " -0000", " +00:00", " -00:00"}) {
        if (const std::size_t length = patternLength(text.substr(at), zone); length > 0) return at + length;
    }
    return at;
}

}  // namespace

std::size_t timeLength(std::string_view text) {
    constexpr std::string_view kPatterns[] = {
        "0000-00-00T00:00:00",  "0000-00-00 00:00:00",
        "0000/00/00 00:00:00",  "00/00/0000 00:00:00",
        "00/AAA/0000:00:00:00", "00/00/00 00:00:00",
        "AAA AAA _0 00:00:00",  "AAA _0 00:00:00",
        "0000-00-00",           "00:00:00",
    };
    for (const std::string_view pattern : kPatterns) {
        const std::size_t length = patternLength(text, pattern);
        if (length == 0) continue;
        const std::size_t end = length + fractionAndZone(text.substr(length));
        if (pattern.starts_with("AAA AAA")) {  // "Thu Feb 26 21:56:40 2026"
            if (const std::size_t year = patternLength(text.substr(end), " 0000"); year > 0) return end + year;
        }
        return end;
    }
    // Seconds since 1970, as 1772142970.512. Shorter numbers are as likely the server's own.
    constexpr std::size_t kFewestDigits = 10;
    std::size_t digits = 0;
    while (digits < text.size() && isDigit(text[digits])) ++digits;
    if (digits < kFewestDigits || digits >= text.size() || text[digits] != '.') return 0;
    std::size_t fraction = digits + 1;
    while (fraction < text.size() && isDigit(text[fraction])) ++fraction;
    return fraction > digits + 1 ? fraction : 0;
}

}  // namespace alloclens::server_log
