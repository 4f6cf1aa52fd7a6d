// SPDX-License-Identifier: GPL-3.0-or-later
//
// A text to search for in bytes, in upper or lower case. The search uses memchr for one byte of it, the rarest one in
// the source, and compares the rest only where that byte occurs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace alloclens::query {

class Needle {
public:
    /// Byte i matches lower[i] or upper[i]. Requires: both have the same length, at least 1.
    Needle(std::string lower, std::string upper);
    /// Matches ASCII letters in either case, other bytes exactly. Requires: `text` is not empty.
    explicit Needle(std::string_view text);

    [[nodiscard]] std::size_t size() const { return m_lower.size(); }
    /// Picks the byte that is rarest in `sample` to search for. This changes the speed, never the matches.
    void tune(std::string_view sample);
    /// Whether it occurs at `at`. Requires: size() bytes can be read there.
    [[nodiscard]] bool isAt(const char* at) const;

private:
    friend class NeedleCursor;
    std::string m_lower;
    std::string m_upper;
    std::size_t m_anchor = 0;  ///< the byte of it that memchr looks for
};

/// Finds the matches of a needle in [begin, end), in order. The needle must outlive it, and the text must not change.
class NeedleCursor {
public:
    NeedleCursor(const Needle& needle, const char* begin, const char* end);

    /// The first match at or after `from`, or null. Requires: `from` never decreases from call to call.
    [[nodiscard]] const char* next(const char* from);

private:
    [[nodiscard]] const char* anchorFrom(const char* from, char byte) const;

    const Needle& m_needle;
    const char* m_end;    ///< after the last position of the anchor
    const char* m_lower;  ///< the next anchor in either case, or m_end
    const char* m_upper;
};

}  // namespace alloclens::query
