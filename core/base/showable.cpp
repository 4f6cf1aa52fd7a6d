// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/showable.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/utf8.h"

namespace alloclens {
namespace {

bool isPlain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte < 0x7F) || c == '\t';
}

// The code point of the sequence of two or three bytes at `at`. Requires: valid UTF-8. Returns 0 for longer sequences,
// since none of them is a control.
char32_t valueAt(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[at + i])); };
    if ((byte(0) & 0xE0U) == 0xC0U) return (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU);
    if ((byte(0) & 0xF0U) == 0xE0U) return (byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
    return 0;
}

// C1 controls, direction marks and overrides, line and paragraph separators, invisible operators, annotation marks.
bool isControl(char32_t value) {
    return (value >= 0x80 && value < 0xA0) || value == 0x61C || value == 0x200B || value == 0x200E || value == 0x200F
           || (value >= 0x2028 && value <= 0x202E) || (value >= 0x2060 && value <= 0x206F) || value == 0xFEFF
           || (value >= 0xFFF9 && value <= 0xFFFB);
}

std::string shown(std::string_view text, bool keepsNewlines) {
    if (std::all_of(text.begin(), text.end(), isPlain)) return std::string(text);
    std::string result;
    const std::string valid = toValidUtf8(text);
    for (std::size_t at = 0; at < valid.size(); ++at) {
        const char c = valid[at];
        const auto byte = static_cast<unsigned char>(c);
        if (isPlain(c) || (byte >= 0x80 && byte < 0xC0)) {
            result += c;
        } else if (c == '\n') {
            result += keepsNewlines ? "\n" : "\\n";
        } else if (byte < 0x80) {
            result += c == '\r' ? "\\r" : fmt::format("\\x{:02x}", byte);
        } else if (const char32_t value = valueAt(valid, at); isControl(value)) {
            result += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(value));
            at += value < 0x800 ? 1 : 2;
        } else {
            result += c;
        }
    }
    return result;
}

}  // namespace

std::string showable(std::string_view text) { return shown(text, false); }

std::string showableJson(std::string json) {
    const auto isAscii = [](char c) { return c >= 0x20 && c < 0x7F; };
    std::string result;
    std::size_t done = 0;
    for (std::size_t at = 0; at < json.size(); ++at) {
        if (isAscii(json[at])) continue;
        // JSON has escaped C0 already, so each newline separates values and stays.
        const bool isDelete = json[at] == 0x7F;
        const auto byte = static_cast<unsigned char>(json[at]);
        const std::size_t length = isDelete ? 1 : byte < 0xC0 || byte >= 0xF0 ? 0 : byte < 0xE0 ? 2 : 3;
        if (length == 0 || at + length > json.size()) continue;
        const char32_t value = isDelete ? 0x7F : valueAt(json, at);
        if (!isDelete && !isControl(value)) continue;
        result.append(json, done, at - done);
        result += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(value));
        done = at + length;
        at = done - 1;
    }
    if (done == 0) return json;
    return result.append(json, done, std::string::npos);
}

std::string showableLines(std::string_view text) { return shown(text, true); }

}  // namespace alloclens
