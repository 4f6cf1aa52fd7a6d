// SPDX-License-Identifier: GPL-3.0-or-later
//
// A line as its words are looked for: without what terminals and truncated files leave in it.
#pragma once

#include <string>
#include <string_view>

#include "core/base/utf8.h"

namespace alloclens::server_log {

inline constexpr char kEscape = '\x1b';

[[nodiscard]] inline bool holdsControls(std::string_view text) {
    return text.find('\0') != std::string_view::npos || text.find(kEscape) != std::string_view::npos;
}

/// Copies `line` without NUL bytes and terminal escape sequences (ESC [ ... letter, ESC ] ... BEL).
inline void copyPlain(std::string_view line, std::string& plain) {
    plain.clear();
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\0') continue;
        if (line[i] != kEscape) {
            plain += line[i];
            continue;
        }
        if (i + 1 >= line.size()) break;
        const char opener = line[++i];
        if (opener == '[') {
            while (i + 1 < line.size() && (line[i + 1] < '@' || line[i + 1] > '~')) ++i;
            ++i;
        } else if (opener == ']') {
            while (i + 1 < line.size() && line[i + 1] != '\a') ++i;
            ++i;
        }
    }
}

/// So much of a line as its diagnostic shows.
[[nodiscard]] inline std::string excerptOf(std::string_view text) {
    constexpr std::size_t kMost = 160;
    return toValidUtf8(text.substr(0, kMost));
}

}  // namespace alloclens::server_log
