// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logs that are not UTF-8: PowerShell and some editors write UTF-16. Recognised by a byte order mark or, UTF-16, by
// what plain text looks like in it, and turned into UTF-8 as it comes. Nothing fails: what cannot be decoded becomes
// U+FFFD.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "importers/decompress.h"

namespace alloclens {

enum class TextEncoding { Utf8, Utf16Le, Utf16Be, Utf32Le, Utf32Be };

/// So many first bytes are judged where there is no byte order mark.
constexpr std::size_t kEncodingHeadBytes = 512;
/// By the first bytes of a text. Utf8 stands for all else, also for what is no text.
[[nodiscard]] TextEncoding encodingOf(std::string_view head);

/// Turns a text into UTF-8. Each line of UTF-16 is decoded for itself, from the end of the line before: a byte too many
/// or too few spoils one line, and a line that another program appended as plain ASCII is kept. Used by one thread.
class Transcoder {
public:
    /// `encoding` is not Utf8.
    explicit Transcoder(TextEncoding encoding) : m_encoding(encoding) {}

    /// Errors: those of `write`.
    [[nodiscard]] Result<void> take(std::string_view bytes, const WriteFunction& write);
    /// What is left of the last line.
    [[nodiscard]] Result<void> finish(const WriteFunction& write);

private:
    [[nodiscard]] bool isWide() const {
        return m_encoding == TextEncoding::Utf32Le || m_encoding == TextEncoding::Utf32Be;
    }
    [[nodiscard]] bool isLittle() const {
        return m_encoding == TextEncoding::Utf16Le || m_encoding == TextEncoding::Utf32Le;
    }
    void takeLines(bool isEnd);
    void takeWide(bool isEnd);
    void decodeLine(std::string_view line);
    void decode(std::string_view units);
    void put(char32_t character);

    TextEncoding m_encoding;
    std::string m_held;          ///< bytes that were not decoded yet
    std::size_t m_searched = 0;  ///< no line of them ends before here
    std::string m_out;
    bool m_isLineStart = true;
};

}  // namespace alloclens
