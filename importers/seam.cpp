// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/seam.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "importers/server_log/event_line.h"
#include "importers/server_log/line_class.h"

namespace alloclens {
namespace {

using server_log::classOf;
using server_log::LineClass;

constexpr std::uint64_t kLongestLine = 64 * 1024;

/// The text after the last newline; empty if there is none.
std::string unfinishedLine(const Input& input) {
    const std::uint64_t size = input.size();
    std::string end(static_cast<std::size_t>(std::min(size, kLongestLine)), '\0');
    const auto got = input.readAt(size - end.size(), end.data(), end.size());
    end.resize(got ? *got : 0);
    const std::size_t newline = end.rfind('\n');
    return newline == std::string::npos ? end : end.substr(newline + 1);
}

std::string firstLine(const Input& input) {
    const std::string begin = input.head(kLongestLine);
    return begin.substr(0, begin.find('\n'));
}

/// Whether the text is the symbol before an event ("✓ "), or a part of it.
bool isSymbol(const std::string& text) {
    constexpr std::size_t kLongest = 8;
    return text.size() <= kLongest
           && std::none_of(text.begin(), text.end(), [](unsigned char c) { return std::isgraph(c) != 0; });
}

bool beginsWithSymbol(const std::string& line) {
    constexpr unsigned char kFirstOfSeveral = 0xC0;  // first byte of a character of several bytes
    return static_cast<unsigned char>(line.front()) >= kFirstOfSeveral;
}

struct LastEvent {
    std::size_t end = 0;   ///< in the text; 0: no event
    bool mayGoOn = false;  ///< its last number or closing words may be cut
};

LastEvent lastEvent(const std::string& text) {
    LastEvent last;
    for (std::size_t at = server_log::nextHead(text, 0); at != std::string::npos;) {
        server_log::EventMatch match;
        const bool isEvent = server_log::matchEvent(text, at, match) == server_log::Match::Event;
        const bool endsInDigit = isEvent && match.end == text.size() && std::isdigit(text.back()) != 0;
        if (isEvent) last = {match.end, match.isCut || endsInDigit};
        at = server_log::nextHead(text, isEvent ? match.end : at + 1);
    }
    return last;
}

// Whether the two are halves of one line: together they are a line of the server, alone they are not.
bool areHalves(const std::string& end, const std::string& begin) {
    if (begin.empty() || begin == "\r") return true;  // the second part has only the newline
    if (isSymbol(end) && !beginsWithSymbol(begin)) return true;
    const LineClass first = classOf(end);
    const LineClass second = classOf(begin);
    if (second == LineClass::Event) return false;
    if (first == LineClass::Event) return lastEvent(end).mayGoOn && lastEvent(end + begin).end > end.size();
    const LineClass whole = classOf(end + begin);
    return whole == LineClass::Event || (whole == LineClass::Fact && second != LineClass::Fact);
}

}  // namespace

Seam seamBetween(const Input& first, const Input& second) {
    const std::string end = unfinishedLine(first);
    if (end.empty()) return Seam::Clean;
    return areHalves(end, firstLine(second)) ? Seam::Cut : Seam::Unended;
}

bool beginsInsideLine(const Input& part) { return classOf(firstLine(part)) == LineClass::Damaged; }

}  // namespace alloclens
