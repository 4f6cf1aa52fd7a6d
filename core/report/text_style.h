// SPDX-License-Identifier: GPL-3.0-or-later
//
// The look of text reports: colours if the caller allows them, and columns that align although a character may take
// several bytes. A value; any thread may use it.
#pragma once

#include <string>
#include <string_view>

namespace alloclens {

class TextStyle {
public:
    explicit TextStyle(bool colour) : m_colour(colour) {}
    [[nodiscard]] std::string strong(std::string_view text) const { return wrapped("1", text); }
    [[nodiscard]] std::string muted(std::string_view text) const { return wrapped("2", text); }
    /// Vermilion, for refused frees only.
    [[nodiscard]] std::string refused(std::string_view text) const { return wrapped("38;5;166", text); }

private:
    [[nodiscard]] std::string wrapped(std::string_view code, std::string_view text) const {
        if (!m_colour) return std::string(text);
        return std::string("\x1b[").append(code).append("m").append(text).append("\x1b[0m");
    }
    bool m_colour;
};

/// The number of code points, which is the width of our texts on a terminal.
[[nodiscard]] inline std::size_t displayWidth(std::string_view text) {
    std::size_t width = 0;
    for (const char c : text) width += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    return width;
}

[[nodiscard]] inline std::string padded(std::string_view text, std::size_t width, bool isRight) {
    const std::size_t used = displayWidth(text);
    const std::string space(width > used ? width - used : 0, ' ');
    return isRight ? space + std::string(text) : std::string(text) + space;
}

}  // namespace alloclens
