// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/fingerprint.h"

#include <algorithm>

namespace alloclens {
namespace {

constexpr std::uint64_t kBytes = 4096;

std::string bytesAt(const Input& input, std::uint64_t offset, std::uint64_t size) {
    std::string bytes(static_cast<std::size_t>(size), '\0');
    const auto got = input.readAt(offset, bytes.data(), bytes.size());
    bytes.resize(got ? *got : 0);
    return bytes;
}

}  // namespace

void Fingerprint::take(const Input& input, std::uint64_t position) {
    if (m_head.size() < kBytes) m_head = bytesAt(input, 0, std::min(kBytes, position));
    m_tailBegin = position - std::min(kBytes, position);
    m_tail = bytesAt(input, m_tailBegin, position - m_tailBegin);
}

bool Fingerprint::matches(const Input& input) const {
    return bytesAt(input, 0, m_head.size()) == m_head && bytesAt(input, m_tailBegin, m_tail.size()) == m_tail;
}

}  // namespace alloclens
