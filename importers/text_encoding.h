// SPDX-License-Identifier: GPL-3.0-or-later
//
// Converts logs in UTF-16 and UTF-32, which PowerShell and some editors write, to UTF-8. Recognises them by a byte
// order mark, or UTF-16 by its zeros. Never fails: what cannot be decoded becomes U+FFFD.
#pragma once

#include <cassert>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "importers/decompress.h"

namespace alloclens {

enum class TextEncoding { Utf8, Utf16Le, Utf16Be, Utf32Le, Utf32Be };

/// How many first bytes are examined.
constexpr std::size_t kEncodingHeadBytes = 512;
/// The encoding by the first bytes of a text. Utf8 also for everything unknown, such as binary data.
///
///     FF FE 41 00 0A 00      Utf16Le, by its mark
///     41 00 42 00 0A 00 ...  Utf16Le, by its zeros
[[nodiscard]] TextEncoding encodingOf(std::string_view head);

/// Converts a text piece by piece. Decodes each line of UTF-16 from the end of the line before. So a missing or extra
/// byte spoils one line only, and a line of ASCII that another program appended is kept. Used by one thread.
class Transcoder {
public:
    /// Requires: `encoding` is not Utf8.
    explicit Transcoder(TextEncoding encoding) : m_encoding(encoding) { assert(encoding != TextEncoding::Utf8); }

    /// Converts the next bytes, up to the last whole line. Errors: those of `write`.
    [[nodiscard]] Result<void> take(std::string_view bytes, const WriteFunction& write);
    /// Converts the rest of the last line. Errors: those of `write`.
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
    std::string m_held;          ///< bytes not decoded yet
    std::size_t m_searched = 0;  ///< no line ends before this position in m_held
    std::string m_out;
    bool m_isLineStart = true;
};

}  // namespace alloclens
