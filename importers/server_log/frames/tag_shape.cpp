// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/frames/tag_shape.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "importers/server_log/frames/time_text.h"

namespace alloclens::server_log {
namespace {

constexpr std::size_t kLongest = 256;

bool isWordCharacter(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.'
           || c == '-' || c == '/';
}

template <typename Is>
std::size_t lengthOf(std::string_view text, std::size_t at, Is is) {
    std::size_t end = at;
    while (end < text.size() && is(text[end])) ++end;
    return end - at;
}

bool isBlank(char c) { return c == ' ' || c == '\t'; }

bool isNumber(std::string_view word) { return word.find_first_not_of("0123456789") == std::string_view::npos; }

/// Brackets with nothing left in them go, and what separates the tag from the text.
std::string tidied(std::string name) {
    for (const std::string_view empty : {"[]", "()", "<>"}) {
        for (std::size_t at = name.find(empty); at != std::string::npos; at = name.find(empty)) name.erase(at, 2);
    }
    std::string tidy;
    for (const char c : name) {
        if (c == ' ' && (tidy.empty() || tidy.back() == ' ')) continue;
        tidy += c;
    }
    const std::size_t last = tidy.find_last_not_of(" :|,;\"'");
    tidy.erase(last == std::string::npos ? 0 : last + 1);
    const std::size_t first = tidy.find_first_not_of(" :|,;\"'");
    return first == std::string::npos ? std::string() : tidy.substr(first);
}

}  // namespace

std::vector<TagShape::Token> TagShape::tokensOf(std::string_view before) {
    std::vector<Token> tokens;
    for (std::size_t at = 0; at < before.size();) {
        if (const std::size_t time = timeLength(before.substr(at)); time > 0) {
            tokens.push_back({Kind::Time});
            at += time;
        } else if (const std::size_t word = lengthOf(before, at, isWordCharacter); word > 0) {
            tokens.push_back({Kind::Word});
            at += word;
        } else if (const std::size_t blanks = lengthOf(before, at, isBlank); blanks > 0) {
            tokens.push_back({Kind::Blanks, 0, static_cast<std::uint32_t>(blanks)});
            at += blanks;
        } else {
            tokens.push_back({Kind::Exact, before[at]});
            ++at;
        }
    }
    return tokens;
}

std::string TagShape::textOf(const std::vector<Token>& tokens) {
    std::string text;
    for (const Token& token : tokens) {
        switch (token.kind) {
        case Kind::Time: text += 'T'; break;
        case Kind::Word: text += 'W'; break;
        case Kind::Blanks: text += ' '; break;
        case Kind::Exact: text += token.exact; break;
        }
    }
    // How many blanks stand last is a part of the shape: the server's own come behind them.
    if (!tokens.empty() && tokens.back().kind == Kind::Blanks) text.append(tokens.back().blanks - 1, ' ');
    return text;
}

std::optional<TagShape> TagShape::learn(const std::vector<std::string_view>& before) {
    std::map<std::string, std::size_t> counts;
    for (const std::string_view text : before) {
        if (text.size() <= kLongest) ++counts[textOf(tokensOf(text))];
    }
    const auto commonest = std::max_element(counts.begin(), counts.end(),
                                            [](const auto& a, const auto& b) { return a.second < b.second; });
    if (commonest == counts.end() || commonest->second * 2 < before.size()) return std::nullopt;
    const std::string& text = commonest->first;
    // A word or a time right before the server's own words cannot be told from them.
    if (text.find_first_not_of(' ') == std::string::npos || text.back() == 'W' || text.back() == 'T')
        return std::nullopt;
    TagShape shape;
    for (const std::string_view example : before) {
        shape.m_tokens = tokensOf(example);
        if (textOf(shape.m_tokens) != text) continue;
        if (shape.m_tokens.back().kind == Kind::Blanks)
            shape.m_lastBlanks = example.substr(example.size() - shape.m_tokens.back().blanks);
        break;
    }
    shape.m_text = text;
    shape.findCounters(before);
    return shape;
}

// Numbers of lines, and whatever else has nearly as many values as there are lines.
void TagShape::findCounters(const std::vector<std::string_view>& before) {
    constexpr std::size_t kMostValues = 16;
    std::vector<std::unordered_set<std::string_view>> values(m_tokens.size());
    std::size_t lines = 0;
    for (const std::string_view text : before) {
        const auto tag = match(text);
        if (!tag) continue;
        ++lines;
        std::size_t word = 0;
        for (std::size_t i = 0; i < m_tokens.size(); ++i) {
            if (m_tokens[i].kind == Kind::Word) values[i].insert(tag->words[word++]);
        }
    }
    for (std::size_t i = 0; i < m_tokens.size(); ++i) {
        m_tokens[i].isCounter = values[i].size() > kMostValues && values[i].size() > lines / 4;
        m_tokens[i].isNumber = !values[i].empty() && std::all_of(values[i].begin(), values[i].end(), isNumber);
    }
}

std::optional<TagShape::Tag> TagShape::match(std::string_view line) const {
    Tag tag;
    std::size_t at = 0;
    for (std::size_t i = 0; i < m_tokens.size(); ++i) {
        const Token& token = m_tokens[i];
        std::size_t length = 0;
        switch (token.kind) {
        case Kind::Time: length = timeLength(line.substr(at)); break;
        case Kind::Word:
            length = lengthOf(line, at, isWordCharacter);
            tag.words.push_back(line.substr(at, length));
            if (token.isNumber && !isNumber(tag.words.back())) return std::nullopt;
            if (!token.isCounter) tag.name += line.substr(at, length);
            break;
        case Kind::Blanks:
            length = lengthOf(line, at, isBlank);
            if (i + 1 == m_tokens.size()) length = line.substr(at).starts_with(m_lastBlanks) ? m_lastBlanks.size() : 0;
            tag.name += ' ';
            break;
        case Kind::Exact:
            length = at < line.size() && line[at] == token.exact ? 1 : 0;
            tag.name += token.exact;
            break;
        }
        if (length == 0) {
            // Blanks at a line's end are easily lost with the text that they separate from the tag.
            if (token.kind != Kind::Blanks || i + 1 != m_tokens.size() || at < line.size()) return std::nullopt;
        }
        at += length;
    }
    tag.length = at;
    tag.name = tidied(std::move(tag.name));
    return tag;
}

bool TagShape::mayBegin(char c) const {
    const Token& first = m_tokens.front();
    switch (first.kind) {
    case Kind::Exact: return c == first.exact;
    case Kind::Blanks: return isBlank(c);
    default: return isWordCharacter(c);
    }
}

}  // namespace alloclens::server_log
