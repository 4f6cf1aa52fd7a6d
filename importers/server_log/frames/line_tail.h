// SPDX-License-Identifier: GPL-3.0-or-later
//
// What collectors put after each line: the mark of a line's end, a file with a number, an element of a page. It is
// learnt from what stands after a log's events; numbers in it may differ from line to line. Without it a heading such
// as "Device 0:" cannot be told from another program's sentence. Immutable once learnt.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alloclens::server_log {

class LineTail {
public:
    /// None where events end their lines, or different things follow them.
    [[nodiscard]] static std::optional<LineTail> learn(const std::vector<std::string_view>& lines);

    [[nodiscard]] std::string_view without(std::string_view line) const;
    /// The tail with # for numbers.
    [[nodiscard]] const std::string& text() const { return m_text; }

private:
    std::string m_text;
};

}  // namespace alloclens::server_log
