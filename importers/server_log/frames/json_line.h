// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines that are JSON objects, as Docker's json-file driver, `journalctl -o json` and log shippers write them: one
// field holds the text of the server, as a string or as an array of bytes. Which field that is, is learnt from the log.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alloclens::server_log {

struct JsonLine {
    std::string text;
    std::string stream;      ///< what tells it from other servers' lines: host, container, stdout or stderr
    bool isPartial = false;  ///< marked as a part of a line
};

class JsonShape {
public:
    /// The field that holds the server's words in most of these lines.
    [[nodiscard]] static std::optional<JsonShape> learn(const std::vector<std::string_view>& lines);

    [[nodiscard]] std::optional<JsonLine> read(std::string_view line) const;
    /// Texts have their line ends in them, so that one without is a part of a line.
    [[nodiscard]] bool hasLineEnds() const { return m_hasLineEnds; }

private:
    std::string m_field;
    bool m_hasLineEnds = false;
};

}  // namespace alloclens::server_log
