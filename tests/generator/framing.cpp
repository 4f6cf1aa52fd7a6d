// SPDX-License-Identifier: GPL-3.0-or-later
#include "framing.h"

#include <algorithm>
#include <array>
#include <vector>

namespace alloclens::generator {
namespace {

constexpr std::array<NamedFraming, 11> kFramings{{
    {"cri-parts", Framing::CriParts},
    {"syslog-fragments", Framing::SyslogFragments},
    {"bare-fragments", Framing::BareFragments},
    {"gitlab", Framing::GitLab},
    {"docker-parts", Framing::DockerParts},
    {"journal-parts", Framing::JournalParts},
    {"mid-line-tags", Framing::MidLineTags},
    {"rank-tags", Framing::RankTags},
    {"wrapped-80", Framing::Wrapped80},
    {"wrapped-100-padded", Framing::Wrapped100Padded},
    {"wrapped-132", Framing::Wrapped132},
}};

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isWord(char c) { return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.'; }

// The server writes words and numbers one by one, so its lines may be cut between them. Other programs' lines are not
// cut.
std::vector<std::size_t> pauses(std::string_view line) {
    std::vector<std::size_t> places;
    if (line.find("[PID ") == std::string_view::npos && line.find(" Removed ") == std::string_view::npos
        && !line.starts_with("    ")) {
        return places;
    }
    for (std::size_t i = 1; i < line.size(); ++i) {
        const bool isBegin = isDigit(line[i]) && !isWord(line[i - 1]) && line[i - 1] != '+' && line[i - 1] != '-';
        const bool isEnd = isDigit(line[i - 1]) && !isWord(line[i]);
        if (isBegin || isEnd) places.push_back(i);
    }
    return places;
}

std::vector<std::string> parts(std::string_view line, std::uint64_t oneIn, std::uint64_t& count) {
    std::vector<std::string> result;
    std::size_t from = 0;
    for (const std::size_t place : pauses(line)) {
        if (++count % oneIn != 0) continue;
        result.emplace_back(line.substr(from, place - from));
        from = place;
    }
    result.emplace_back(line.substr(from));
    return result;
}

std::string time(std::uint64_t number) {
    const auto digits = [](std::uint64_t value, std::size_t width) {
        const std::string text = std::to_string(value);
        return std::string(width - std::min(width, text.size()), '0') + text;
    };
    return "2026-02-26T21:" + digits(number / 60'000 % 60, 2) + ":" + digits(number / 1000 % 60, 2) + "."
           + digits(number % 1000, 3);
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result;
}

std::string journalMessage(std::string_view text, std::uint64_t number) {
    if (number % 3 != 0) return quoted(text) + "\"";
    std::string bytes = "[";
    for (const char c : text) {
        if (bytes.size() > 1) bytes += ',';
        bytes += std::to_string(static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return bytes + "]";
}

void appendPart(std::string& out, Framing framing, std::string_view part, std::uint64_t number, bool isFirst,
                bool isLast) {
    switch (framing) {
    case Framing::CriParts:
        out += time(number) + "+00:00 stdout " + (isLast ? "F " : "P ") + std::string(part) + "\n";
        break;
    case Framing::SyslogFragments: out += "Oct  3 21:08:58 vm01 conmon[598655]: " + std::string(part) + "\n"; break;
    case Framing::GitLab: out += time(number) + "Z 01O" + (isFirst ? " " : "+") + std::string(part) + "\n"; break;
    case Framing::DockerParts:
        out += "{\"log\":" + quoted(part) + (isLast ? "\\n" : "") + "\",\"stream\":\"stdout\",\"time\":\""
               + time(number) + "Z\"}\n";
        break;
    case Framing::JournalParts:
        out += "{\"__CURSOR\":\"s=1\",\"_PID\":\"4711\",\"MESSAGE\":" + journalMessage(part, number) + "}\n";
        break;
    case Framing::MidLineTags: out += "[1,0]<stdout>:" + std::string(part) + (isLast ? "\n" : ""); break;
    case Framing::RankTags: out += "0: " + std::string(part) + (isLast ? "\n" : ""); break;
    default: out += std::string(part) + "\n"; break;
    }
}

// Emoji take two columns, other characters one.
void appendWrapped(std::string& out, std::string_view line, std::size_t width, bool isPadded) {
    std::size_t column = 0;
    for (std::size_t at = 0; at < line.size();) {
        const auto lead = static_cast<unsigned char>(line[at]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        const std::string_view character = line.substr(at, length);
        const std::size_t columns = length == 4 ? 2 : character == "\uFE0F" ? 0 : 1;
        if (column + columns > width) {
            out += '\n';
            column = 0;
        }
        out += character;
        column += columns;
        at += length;
    }
    if (isPadded && column < width) out.append(width - column, ' ');
    out += '\n';
}

}  // namespace

std::span<const NamedFraming> framings() { return kFramings; }

std::string frame(std::string_view log, Framing framing, std::uint64_t oneIn) {
    std::string out;
    std::uint64_t count = 0;
    std::uint64_t number = 0;
    while (!log.empty()) {
        const std::size_t end = std::min(log.find('\n'), log.size());
        const std::string_view line = log.substr(0, end);
        log.remove_prefix(std::min(end + 1, log.size()));
        if (framing == Framing::Wrapped80) {
            appendWrapped(out, line, 80, false);
        } else if (framing == Framing::Wrapped100Padded) {
            appendWrapped(out, line, 100, true);
        } else if (framing == Framing::Wrapped132) {
            appendWrapped(out, line, 132, false);
        } else {
            const std::vector<std::string> pieces = parts(line, oneIn, count);
            for (std::size_t i = 0; i < pieces.size(); ++i)
                appendPart(out, framing, pieces[i], ++number, i == 0, i + 1 == pieces.size());
        }
    }
    return out;
}

}  // namespace alloclens::generator
