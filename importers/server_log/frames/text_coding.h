// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server's characters in another spelling, as pages, chats and tools for text leave them: entities and elements of
// HTML, escapes of Markdown, sequences of terminals that were written out (^[[33m, \x1b[33m, [33m), bytes by their
// numbers (\342, \xe2), tabs for blanks.
// Which of them a log has is learnt from its lines with processes, and only those are undone: the same characters may
// be another program's text. Immutable once learnt.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace alloclens::server_log {

class TextCoding {
public:
    [[nodiscard]] static TextCoding learn(const std::vector<std::string_view>& lines);
    /// False at a glance for lines as the server prints them.
    [[nodiscard]] static bool isSuspect(std::string_view line);

    [[nodiscard]] bool isAny() const {
        return m_hasEntities || m_hasElements || m_hasBackslashes || m_hasSequences || m_hasBareSequences || m_hasBytes
               || m_hasTabs;
    }
    [[nodiscard]] std::string decode(std::string_view text) const;

private:
    bool m_hasEntities = false;
    bool m_hasElements = false;
    bool m_hasBackslashes = false;
    bool m_hasSequences = false;
    bool m_hasBareSequences = false;  ///< whose ESC is lost
    bool m_hasBytes = false;          ///< of more than seven bits
    bool m_hasTabs = false;
};

}  // namespace alloclens::server_log
