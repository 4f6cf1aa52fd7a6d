// SPDX-License-Identifier: GPL-3.0-or-later
//
// A text that is looked for in bytes, upper and lower case alike. One byte of it, the one that is rarest where it is
// looked for, is found by memchr; only there the rest is compared.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace alloclens::query {

class Needle {
public:
    /// The text in both cases, of the same length: each byte matches either.
    Needle(std::string lower, std::string upper);
    /// The text with ASCII letters in either case.
    explicit Needle(std::string_view text);

    [[nodiscard]] std::size_t size() const { return m_lower.size(); }
    /// Looks for the byte that is rarest in `sample`. Changes how fast it is found, never what.
    void tune(std::string_view sample);
    /// Whether it stands at `at`, where size() bytes can be read.
    [[nodiscard]] bool isAt(const char* at) const;

private:
    friend class NeedleCursor;
    std::string m_lower;
    std::string m_upper;
    std::size_t m_anchor = 0;  ///< the byte that is looked for
};

/// Walks through the places of a needle in [begin, end). The text must not change meanwhile.
class NeedleCursor {
public:
    NeedleCursor(const Needle& needle, const char* begin, const char* end);

    /// The first place at or behind `from`, or null. `from` never goes back from call to call.
    [[nodiscard]] const char* next(const char* from);

private:
    [[nodiscard]] const char* anchorFrom(const char* from, char byte) const;

    const Needle& m_needle;
    const char* m_end;    ///< of the places where the anchor may stand
    const char* m_lower;  ///< the next anchor in either case, or m_end
    const char* m_upper;
};

}  // namespace alloclens::query
