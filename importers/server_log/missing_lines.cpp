// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/missing_lines.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <string>
#include <vector>

#include "importers/server_log/word_filter.h"

namespace alloclens::server_log {
namespace {

/// A notice is short; of a longer line only so much is looked at.
constexpr std::size_t kLongestNotice = 512;

constexpr std::string_view kVerbs[] = {"suppressed", "dropped",  "lost",     "omitted",     "skipped",   "truncated",
                                       "discarded",  "elided",   "missed",   "hidden",      "trimmed",   "missing",
                                       "skipping",   "omitting", "dropping", "suppressing", "discarding"};
constexpr std::string_view kLines[] = {"message", "messages", "line", "lines", "entries", "records", "msgs"};
/// What is left out may be told in bytes: then nobody knows how many lines that are.
constexpr std::string_view kBytes[] = {"bytes", "characters", "chars", "kb", "mb", "kib", "mib"};
constexpr std::string_view kFillers[] = {"more", "other", "log",  "syslog", "of",   "the", "further", "previous",
                                         "was",  "were",  "have", "has",    "been", "are", "is",      "output"};

/// Collectors, and what only a collector speaks of.
constexpr std::string_view kCollectors[] = {
    "journal",  "syslog",   "imuxsock",   "rate-limit", "rate limit", "ratelimit", "throttl",  "fluent",
    "logstash", "filebeat", "promtail",   "docker",     "containerd", "kubelet",   "conmon",   "log driver",
    "full log", "log size", "log buffer", "log limit",  "job's log",  "job log",   "build log"};

/// Notices without a number.
constexpr std::string_view kPhrases[] = {
    "log exceeded limit of",            // Job's log exceeded limit of 4194304 bytes.
    "exceeded the maximum log length",  // The job exceeded the maximum log length, and has been terminated.
    "log length has exceeded",          // The log length has exceeded the limit of 4 MB
    "exceeded the maximum log size",
    "exceeded maximum log size",
    "exceeded the log limit",
    "no more output will be collected",
    "begin to drop messages",  // imjournal: begin to drop messages due to rate-limiting
    "begins to drop messages",
    "log truncated",
    "logs truncated",
    "log was truncated",
    "log is truncated",
    "log has been truncated",
    "logs have been truncated",
    "output truncated",
    "output was truncated",
    "output has been truncated",
    "truncated log",
    "truncated output",
    "truncated due to its large size",  // This step has been truncated due to its large size.
    "logfile turned over",
};

template <std::size_t kSize>
bool isAmong(const std::string_view (&words)[kSize], std::string_view word) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

template <std::size_t kSize>
bool containsAny(std::string_view text, const std::string_view (&words)[kSize]) {
    return std::any_of(std::begin(words), std::end(words),
                       [text](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return c >= 'a' && c <= 'z'; }

struct Token {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string_view word;  ///< empty for a number
    std::uint64_t number = 0;
};

/// "1,234" is one number.
std::optional<Token> numberAt(std::string_view text, std::size_t at) {
    std::string digits;
    std::size_t end = at;
    while (end < text.size()
           && (isDigit(text[end]) || (text[end] == ',' && end + 1 < text.size() && isDigit(text[end + 1])))) {
        if (text[end] != ',') digits += text[end];
        ++end;
    }
    Token token{at, end, {}, 0};
    const auto [stop, status] = std::from_chars(digits.data(), digits.data() + digits.size(), token.number);
    if (status != std::errc{} || stop != digits.data() + digits.size()) return std::nullopt;
    return token;
}

std::vector<Token> tokensOf(std::string_view text) {
    std::vector<Token> tokens;
    for (std::size_t at = 0; at < text.size();) {
        if (isDigit(text[at])) {
            auto number = numberAt(text, at);
            const std::size_t end = number ? number->end : text.size();
            if (number) tokens.push_back(*number);
            at = end;
        } else if (isLetter(text[at])) {
            std::size_t end = at;
            while (end < text.size() && isLetter(text[end])) ++end;
            tokens.push_back({at, end, text.substr(at, end - at), 0});
            at = end;
        } else {
            ++at;
        }
    }
    return tokens;
}

struct Notice {
    std::size_t begin = 0;  ///< in the text
    std::size_t end = 0;
    std::uint64_t count = 0;
};

/// Passes over fillers; gives the first token behind them that `words` has, or none.
template <std::size_t kSize>
const Token* nextOf(std::span<const Token>& rest, const std::string_view (&words)[kSize]) {
    while (!rest.empty() && isAmong(kFillers, rest.front().word)) rest = rest.subspan(1);
    if (rest.empty() || !isAmong(words, rest.front().word)) return nullptr;
    const Token* found = &rest.front();
    rest = rest.subspan(1);
    return found;
}

// "46 messages were dropped", "12 lines not shown"
std::optional<Notice> countFirst(std::span<const Token> rest) {
    const Token& number = rest.front();
    rest = rest.subspan(1);
    const auto before = rest;
    const bool isOfLines = nextOf(rest, kLines) != nullptr;
    if (!isOfLines) {
        rest = before;
        if (nextOf(rest, kBytes) == nullptr) return std::nullopt;
    }
    const std::uint64_t count = isOfLines ? number.number : 0;
    if (const Token* verb = nextOf(rest, kVerbs)) return Notice{number.begin, verb->end, count};
    const bool isHidden = rest.size() >= 2 && rest[0].word == "not" && rest[1].word == "shown";
    if (isHidden) return Notice{number.begin, rest[1].end, count};
    return std::nullopt;
}

// "Suppressed 46 messages", "skipping 12,345 KB"
std::optional<Notice> verbFirst(std::span<const Token> rest) {
    const Token& verb = rest.front();
    rest = rest.subspan(1);
    if (rest.empty() || !rest.front().word.empty()) return std::nullopt;
    const Token& number = rest.front();
    rest = rest.subspan(1);
    const auto before = rest;
    if (const Token* noun = nextOf(rest, kLines)) return Notice{verb.begin, noun->end, number.number};
    rest = before;
    if (const Token* noun = nextOf(rest, kBytes)) return Notice{verb.begin, noun->end, 0};
    return std::nullopt;
}

std::optional<Notice> findNotice(const std::vector<Token>& tokens) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::span rest = std::span(tokens).subspan(i);
        if (tokens[i].word.empty()) {
            if (auto notice = countFirst(rest)) return notice;
        } else if (isAmong(kVerbs, tokens[i].word)) {
            if (auto notice = verbFirst(rest)) return notice;
        }
    }
    return std::nullopt;
}

// "-- 12 messages dropped --", "[12 lines omitted]", "... skipping 12 lines ...": no letter beside it but those of a
// prefix, which ends in a colon or a bracket, and set off on both sides.
bool standsAlone(std::string_view text, const Notice& notice) {
    constexpr std::string_view kSetOff = "[<({-*.=~#>";
    std::string_view before = text.substr(0, notice.begin);
    std::string_view after = text.substr(notice.end);
    while (before.ends_with(' ')) before.remove_suffix(1);
    while (after.starts_with(' ')) after.remove_prefix(1);
    const bool isSetOff = !before.empty() && !after.empty() && kSetOff.find(before.back()) != std::string_view::npos
                          && (std::string_view("]>)}-*.=~#<").find(after.front()) != std::string_view::npos);
    return isSetOff && std::none_of(after.begin(), after.end(), isLetter);
}

PrintedFact missing(std::uint64_t count) {
    PrintedFact fact;
    fact.kind = FactKind::LinesMissing;
    fact.count = count;
    return fact;
}

/// What a notice has beside its number and its noun; the second halves, as many other words begin alike.
constexpr WordFilter kWords = [] {
    WordFilter filter;
    const auto add = [&filter](std::string_view word) { filter.add(word.substr(word.size() / 2 - 1)); };
    for (const std::string_view verb : kVerbs) add(verb);
    for (const std::string_view phrase : kPhrases) add(phrase);
    add("not shown");
    return filter;
}();

}  // namespace

std::optional<PrintedFact> matchMissingLines(std::string_view line) {
    line = line.substr(0, kLongestNotice);
    if (!containsAny(line, kMissingLinesWords)) return std::nullopt;
    std::string text(line);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (!kWords.mayHoldAny(text)) return std::nullopt;
    // What pytest leaves out of an assertion, and what a kernel leaves out of its own ring, is not of this log.
    constexpr std::string_view kOthers[] = {"use '-v", "kernel messages", "callbacks suppressed", "printk"};
    if (containsAny(text, kOthers)) return std::nullopt;
    if (containsAny(text, kPhrases)) return missing(0);
    const auto notice = findNotice(tokensOf(text));
    if (!notice) return std::nullopt;
    const std::string_view words = std::string_view(text).substr(notice->begin);
    const bool isJournals = words.starts_with("suppressed ") && words.find(" messages from ") != std::string_view::npos;
    if (!isJournals && !containsAny(text, kCollectors) && !standsAlone(text, *notice)) return std::nullopt;
    return missing(notice->count);
}

}  // namespace alloclens::server_log
