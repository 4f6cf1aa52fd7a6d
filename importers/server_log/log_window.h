// SPDX-License-Identifier: GPL-3.0-or-later
//
// A few lines of a log from a given one on, as their words are looked for: with plain line ends, without NUL bytes and
// escape sequences. Bounded in lines and bytes. Reads ahead, so that places close to each other cost one read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "importers/input.h"

namespace alloclens::server_log {

class LogWindow {
public:
    static constexpr std::size_t kMostLines = 64;
    static constexpr std::size_t kMostBytes = std::size_t{16} << 10;

    /// What lies behind `end` is not looked at.
    LogWindow(const Input& input, std::uint64_t end) : m_input(input), m_end(end) {}

    /// Shows the lines from `offset` on, where one begins. Errors are the input's.
    [[nodiscard]] Result<void> moveTo(std::uint64_t offset);

    [[nodiscard]] std::string_view text() const { return m_text; }
    [[nodiscard]] std::size_t lineCount() const { return m_begins.size(); }
    /// Which line, from 0, a place of the text belongs to; a line end belongs to the line before it.
    [[nodiscard]] std::size_t lineAt(std::size_t at) const;
    [[nodiscard]] std::size_t endOfLine(std::size_t line) const;
    [[nodiscard]] std::string_view line(std::size_t line) const;

private:
    const Input& m_input;
    std::uint64_t m_end;
    std::uint64_t m_heldFrom = 0;
    std::vector<char> m_held;
    std::uint64_t m_shown = ~std::uint64_t{0};
    std::string m_text;
    std::vector<std::size_t> m_begins;
    std::string m_plain;
};

}  // namespace alloclens::server_log
