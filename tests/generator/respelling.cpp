// SPDX-License-Identifier: GPL-3.0-or-later
#include "respelling.h"

#include <algorithm>
#include <array>

namespace alloclens::generator {
namespace {

std::string padded(std::size_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    return std::string(width - std::min(width, digits.size()), ' ') + digits;
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const bool isHere = text.substr(at).starts_with(from);
        result += isHere ? to : text.substr(at, 1);
        at += isHere ? from.size() : 1;
    }
    return result;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Puts one text before each number and another after it.
std::string aroundNumbers(std::string_view text, std::string_view before, std::string_view after) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool isNumber = isDigit(text[at]);
        if (isNumber && (at == 0 || !isDigit(text[at - 1]))) result += before;
        result += text[at];
        if (isNumber && (at + 1 == text.size() || !isDigit(text[at + 1]))) result += after;
    }
    return result;
}

std::string byNumbers(std::string_view text, std::string_view base) {
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            result += c;
            continue;
        }
        constexpr std::string_view kDigits = "0123456789abcdef";
        result += base;
        if (base.ends_with('x')) {
            result += {kDigits[byte / 16], kDigits[byte % 16]};
        } else {
            result += {kDigits[byte / 64], kDigits[byte / 8 % 8], kDigits[byte % 8]};
        }
    }
    return result;
}

std::string entities(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const std::string_view marks = "[]()=,:_";
        if (marks.find(c) == std::string_view::npos) {
            result += c;
        } else {
            result += "&#" + std::to_string(static_cast<int>(c)) + ";";
        }
    }
    return replaced(replaced(result, "\u2713", "&#10003;"), "\u2717", "&#x2717;");
}

std::string backslashed(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (std::string_view("_[]()*#").find(c) != std::string_view::npos) result += '\\';
        result += c;
    }
    return result;
}

constexpr std::array kLevels = {"INFO ", "WARN ", "ERROR"};

using Line = std::string_view;
using Index = std::size_t;

constexpr std::array<Respelling, 28> kRespellings{{
    {"numbered-by-tab", [](Line line, Index i) { return padded(i + 1, 6) + "\t" + std::string(line); }},
    {"numbered-by-blank", [](Line line, Index i) { return padded(i + 1, 4) + " " + std::string(line); }},
    {"numbered-by-letter", [](Line line, Index i) { return "L" + std::to_string(i + 1) + ": " + std::string(line); }},
    {"numbered-with-name",
     [](Line line, Index i) { return "a.log:" + std::to_string(i + 1) + ":" + std::string(line); }},
    {"numbered-by-side", [](Line line, Index i) { return padded(i + 1, 4) + "   \u2502 " + std::string(line); }},
    {"levels",
     [](Line line, Index i) { return "12:00:01,123 " + std::string(kLevels[i % 3]) + " [main] " + std::string(line); }},
    {"threads", [](Line line, Index i) { return "[pool-" + std::to_string(i % 8) + "] " + std::string(line); }},
    {"quoted", [](Line line, Index) { return "> " + std::string(line); }},
    {"table", [](Line line, Index i) { return "| " + std::to_string(i) + " | " + std::string(line) + " |"; }},
    {"call-sites",
     [](Line line, Index i) { return std::string(line) + " (server.cpp:" + std::to_string(100 + i % 40) + ")"; }},
    {"dollars", [](Line line, Index) { return std::string(line) + "$"; }},
    {"carets-and-dollars", [](Line line, Index) { return replaced(line, "\u2713", "M-bM-^\\M-^S") + "^M$"; }},
    {"breaks-of-pages", [](Line line, Index) { return std::string(line) + "<br>"; }},
    {"hosts-behind", [](Line line, Index) { return std::string(line) + "   [host=box7]"; }},
    {"tabs", [](Line line, Index) { return replaced(line, " ", "\t"); }},
    {"no-break-entities", [](Line line, Index) { return replaced(line, " ", "&nbsp;"); }},
    {"entities", [](Line line, Index) { return entities(line); }},
    {"entities-twice", [](Line line, Index) { return replaced(entities(line), "&", "&amp;"); }},
    {"elements",
     [](Line line, Index) { return "<div>" + aroundNumbers(line, "<span class=\"m\">", "</span>") + "</div>"; }},
    {"written-sequences", [](Line line, Index) { return aroundNumbers(line, "^[[33m", "^[[0m"); }},
    {"quoted-sequences", [](Line line, Index) { return aroundNumbers(line, "\\u001b[33m", "\\u001b[0m"); }},
    {"sequences-without-escape", [](Line line, Index) { return aroundNumbers(line, "[33m", "[0m"); }},
    {"backslashes", [](Line line, Index) { return backslashed(line); }},
    {"octal-bytes", [](Line line, Index) { return byNumbers(line, "\\"); }},
    {"hexadecimal-bytes", [](Line line, Index) { return byNumbers(line, "\\x"); }},
    {"soft-hyphens", [](Line line, Index) { return replaced(line, "cated", "\u00adcated"); }},
    {"directions", [](Line line, Index) { return "\u202a" + std::string(line) + "\u202c"; }},
    {"dashes", [](Line line, Index) { return replaced(line, "- Buffer", "\u2013 Buffer"); }},
}};

}  // namespace

std::span<const Respelling> respellings() { return kRespellings; }

std::string respell(std::string_view log, const Respelling& respelling) {
    std::string out;
    for (std::size_t index = 0; !log.empty(); ++index) {
        const std::size_t end = std::min(log.find('\n'), log.size());
        out += respelling.write(log.substr(0, end), index) + "\n";
        log.remove_prefix(std::min(end + 1, log.size()));
    }
    return out;
}

}  // namespace alloclens::generator
