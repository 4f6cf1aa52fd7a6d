// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/residue.h"

#include <algorithm>
#include <string>
#include <vector>

#include "importers/server_log/event_line.h"

namespace alloclens::server_log {
namespace {

bool isDigit(char c) { return (c >= '0' && c <= '9'); }

bool isBlank(std::string_view text) { return text.find_first_not_of(" \t\r") == std::string_view::npos; }

std::size_t endOfResidue(std::string_view text, std::size_t end) {
    const std::size_t newline = std::min(text.find('\n', end), text.size());
    const std::size_t head = nextHead(text.substr(0, newline), end);
    return head == std::string_view::npos ? newline : beginOfHead(text, head);
}

}  // namespace

std::size_t beginOfHead(std::string_view text, std::size_t head) {
    constexpr std::size_t kFarthest = 12;
    const auto isSymbol = [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; };
    if (head < 2 || text[head - 1] != ' ' || !isSymbol(text[head - 2])) return head;
    std::size_t begin = head - 1;
    while (begin > 0 && head - begin < kFarthest && isSymbol(text[begin - 1])) --begin;
    return begin;
}

ForeignShapes::Likeness likenessOfLines(std::string_view text, const ForeignShapes& shapes) {
    auto likeness = ForeignShapes::Likeness::Exact;
    while (!text.empty() && likeness != ForeignShapes::Likeness::None) {
        const std::string_view line = text.substr(0, text.find('\n'));
        if (!line.empty()) likeness = std::min(likeness, shapes.likenessOf(line));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return likeness;
}

Residue residueOf(std::string_view text, std::size_t from, const TornReading& reading, const ForeignShapes& shapes) {
    Residue residue;
    std::string left(text.substr(from, std::max(from, beginOfHead(text, reading.begin())) - from));
    left.erase(0, left.rfind('\n') + 1);
    std::vector<std::size_t> cuts;  // where a line of the residue begins right behind a number of the event
    const auto add = [&](std::size_t begin, std::size_t end) {
        const bool isBehindNumber = begin > 0 && isDigit(text[begin - 1]);
        const bool touchesBefore = isBehindNumber && isDigit(text[begin]);
        const bool touchesBehind = isDigit(text[end - 1]) && end < text.size() && isDigit(text[end]);
        const bool isAtBegin = left.empty() || left.back() == '\n';
        if (isBehindNumber && isAtBegin) cuts.push_back(left.size());
        if (touchesBehind || (touchesBefore && !isAtBegin)) residue.isCutSurely = false;
        left += text.substr(begin, end - begin);
    };
    for (std::size_t i = 0; i + 1 < reading.pieceCount; ++i) add(reading.pieces[i].end, reading.pieces[i + 1].begin);
    const std::size_t end = endOfResidue(text, reading.end());
    if (end > reading.end()) left += text.substr(reading.end(), end - reading.end());

    using Likeness = ForeignShapes::Likeness;
    for (std::size_t begin = 0; begin < left.size() && residue.likeness != Likeness::None;) {
        const std::size_t stop = std::min(left.find('\n', begin), left.size());
        const std::string_view line(left.data() + begin, stop - begin);
        if (!line.empty()) residue.likeness = std::min(residue.likeness, shapes.likenessOf(line));
        const std::size_t behind = std::min(end + 1, text.size());
        const std::string_view goesOn = stop == left.size() ? text.substr(behind, endOfResidue(text, behind) - behind)
                                                            : std::string_view();
        const std::string whole = shapes.endsOne(line) ? std::string(line) : std::string(line).append(goesOn);
        const bool isCut = std::find(cuts.begin(), cuts.end(), begin) != cuts.end() && !line.empty();
        if (isCut && (isDigit(line[0]) || shapes.followsDigit(line))) {
            if (whole.size() == line.size() ? !shapes.isOne(line) : !shapes.beginsOne(whole))
                residue.isCutSurely = false;
        }
        if (!isBlank(line) && !shapes.endsOne(line) && (goesOn.empty() || shapes.likenessOf(whole) == Likeness::None)) {
            residue.isCutSurely = false;
        }
        begin = stop + 1;
    }
    return residue;
}

}  // namespace alloclens::server_log
