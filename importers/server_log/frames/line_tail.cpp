// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/frames/line_tail.h"

#include <algorithm>
#include <map>

#include "importers/server_log/event_line.h"
#include "importers/server_log/frames/sentence.h"

namespace alloclens::server_log {
namespace {

constexpr char kNumber = '#';

bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::string withoutNumbers(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (!isDigit(c)) {
            result += c;
        } else if (!result.ends_with(kNumber)) {
            result += kNumber;
        }
    }
    return result;
}

}  // namespace

std::optional<LineTail> LineTail::learn(const std::vector<std::string_view>& lines) {
    constexpr std::size_t kLongest = 128;
    std::map<std::string, std::size_t> counts;
    std::map<std::string, std::size_t> others;  ///< after sentences that are no events
    std::size_t events = 0;
    std::size_t sentences = 0;
    for (std::string_view line : lines) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        const std::size_t head = nextHead(line, 0);
        if (head == std::string_view::npos) {
            const SentenceMatch sentence = matchSentence(line);
            if (!sentence.isWhole || sentence.reached > sentence.end) continue;
            ++sentences;
            const std::string_view tail = line.substr(sentence.end);
            if (tail.size() <= kLongest) ++others[withoutNumbers(tail)];
            continue;
        }
        EventMatch match;
        if (matchEvent(line, head, match) != Match::Event) continue;
        // Where the closing words or the device are missing, what follows may be the beginning of them.
        if (match.isCut || match.event.key.device == kNoDevice || nextHead(line, match.end) != std::string_view::npos)
            continue;
        ++events;
        const std::string_view tail = line.substr(match.end);
        if (tail.size() <= kLongest) ++counts[withoutNumbers(tail)];
    }
    // Where all events are wrapped, only the shorter lines show it.
    constexpr std::size_t kFewest = 8;
    const bool hasEvents = events > 1 || sentences < kFewest;
    const std::map<std::string, std::size_t>& tails = hasEvents ? counts : others;
    const std::size_t all = hasEvents ? events : sentences;
    const auto commonest = std::max_element(tails.begin(), tails.end(),
                                            [](const auto& a, const auto& b) { return a.second < b.second; });
    if (commonest == tails.end() || commonest->second < 2 || commonest->second * 10 < all * 9) return std::nullopt;
    if (commonest->first.find_first_not_of(" \t") == std::string::npos) return std::nullopt;
    LineTail tail;
    tail.m_text = commonest->first;
    return tail;
}

std::string_view LineTail::without(std::string_view line) const {
    std::size_t end = line.size();
    for (std::size_t i = m_text.size(); i-- > 0;) {
        if (m_text[i] == kNumber && end > 0 && isDigit(line[end - 1])) {
            while (end > 0 && isDigit(line[end - 1])) --end;
        } else if (end > 0 && line[end - 1] == m_text[i]) {
            --end;
        } else {
            return line;
        }
    }
    return line.substr(0, end);
}

}  // namespace alloclens::server_log
