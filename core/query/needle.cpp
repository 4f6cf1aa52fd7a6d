// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/needle.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <utility>

namespace alloclens::query {
namespace {

char lowerCase(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upperCase(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string eachByte(std::string_view text, char (*of)(char)) {
    std::string bytes(text);
    std::transform(bytes.begin(), bytes.end(), bytes.begin(), of);
    return bytes;
}

}  // namespace

Needle::Needle(std::string lower, std::string upper) : m_lower(std::move(lower)), m_upper(std::move(upper)) {
    assert(!m_lower.empty() && m_lower.size() == m_upper.size());
}

Needle::Needle(std::string_view text) : Needle(eachByte(text, lowerCase), eachByte(text, upperCase)) {}

void Needle::tune(std::string_view sample) {
    std::array<std::size_t, 256> counts{};
    for (const char c : sample) ++counts[static_cast<unsigned char>(c)];
    const auto cost = [&](std::size_t i) {
        const auto of = [&](char c) { return counts[static_cast<unsigned char>(c)]; };
        // A byte with two cases needs a second memchr pass, which costs about one match in 256 bytes.
        return m_lower[i] == m_upper[i] ? of(m_lower[i]) : of(m_lower[i]) + of(m_upper[i]) + sample.size() / 256;
    };
    for (std::size_t i = 0; i < size(); ++i) {
        if (cost(i) < cost(m_anchor)) m_anchor = i;
    }
}

bool Needle::isAt(const char* at) const {
    for (std::size_t i = 0; i < size(); ++i) {
        if (at[i] != m_lower[i] && at[i] != m_upper[i]) return false;
    }
    return true;
}

NeedleCursor::NeedleCursor(const Needle& needle, const char* begin, const char* end)
    : m_needle(needle), m_end(begin), m_lower(begin), m_upper(begin) {
    if (needle.size() == 0 || static_cast<std::size_t>(end - begin) < needle.size()) return;
    m_end = end - (needle.size() - 1 - needle.m_anchor);
    m_lower = anchorFrom(begin + needle.m_anchor, needle.m_lower[needle.m_anchor]);
    m_upper = needle.m_lower[needle.m_anchor] == needle.m_upper[needle.m_anchor]
                  ? m_end
                  : anchorFrom(begin + needle.m_anchor, needle.m_upper[needle.m_anchor]);
}

const char* NeedleCursor::anchorFrom(const char* from, char byte) const {
    if (from >= m_end) return m_end;
    const void* const at = std::memchr(from, byte, static_cast<std::size_t>(m_end - from));
    return at != nullptr ? static_cast<const char*>(at) : m_end;
}

const char* NeedleCursor::next(const char* from) {
    const std::size_t anchor = m_needle.m_anchor;
    const char lower = m_needle.m_lower[anchor];
    const char upper = m_needle.m_upper[anchor];
    if (m_lower < m_end && m_lower < from + anchor) m_lower = anchorFrom(from + anchor, lower);
    if (m_upper < m_end && m_upper < from + anchor) m_upper = anchorFrom(from + anchor, upper);
    while (true) {
        const char* const at = std::min(m_lower, m_upper);
        if (at >= m_end) return nullptr;
        if (m_needle.isAt(at - anchor)) return at - anchor;
        if (at == m_lower) {
            m_lower = anchorFrom(at + 1, lower);
        } else {
            m_upper = anchorFrom(at + 1, upper);
        }
    }
}

}  // namespace alloclens::query
