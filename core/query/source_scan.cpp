// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/source_scan.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace alloclens::query {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;  // fits a core's cache
static_assert(kPieceBytes >= 2 * SourceText::kShownLineBytes);

const char* findNewline(const char* from, const char* end) {
    const void* const at = std::memchr(from, '\n', static_cast<std::size_t>(end - from));
    return at != nullptr ? static_cast<const char*>(at) : end;
}

/// The end of the whole lines in [begin, end): after the last newline, or `begin` if there is none.
const char* endOfLines(const char* begin, const char* end) {
    while (end != begin && end[-1] != '\n') --end;
    return end;
}

std::uint32_t countLines(const char* begin, const char* end) {
    std::uint32_t lines = 0;
    for (const char* at = findNewline(begin, end); at != end; at = findNewline(at + 1, end)) ++lines;
    return lines;
}

}  // namespace

std::vector<SourceStretch> stretchesOf(const SourceText& source, std::uint64_t bytes) {
    std::vector<SourceStretch> stretches;
    for (const SourceText::Mark& mark : source.marks()) {
        if (!stretches.empty() && mark.offset - stretches.back().begin < bytes) continue;
        if (!stretches.empty()) {
            stretches.back().endLine = mark.line;
            stretches.back().end = mark.offset;
        }
        stretches.push_back({mark.line, source.lines() + 1, mark.offset, source.bytes()});
    }
    return stretches;
}

SourceScan::SourceScan(const SourceText& source, std::vector<Needle> needles)
    : m_source(source), m_needles(std::move(needles)) {
    std::string sample(std::min<std::uint64_t>(kPieceBytes, source.bytes()), '\0');
    const std::uint64_t middle = (source.bytes() - sample.size()) / 2;
    if (!source.readBytes(middle, sample.data(), sample.size())) return;  // scan() will report it
    for (Needle& needle : m_needles) needle.tune(sample);
}

Result<void> SourceScan::scan(const SourceStretch& stretch, const Found& found) const {
    std::vector<char> buffer(
        static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, stretch.end - stretch.begin)));
    std::uint64_t offset = stretch.begin;
    std::uint32_t line = stretch.firstLine;
    std::size_t carried = 0;    // bytes of an unfinished line at the buffer's begin
    bool isBehindLong = false;  // in the rest of a line that is too long to search to its end
    while (offset < stretch.end) {
        const auto want = static_cast<std::size_t>(
            std::min<std::uint64_t>(buffer.size() - carried, stretch.end - offset));
        if (const auto read = m_source.readBytes(offset, buffer.data() + carried, want); !read) return read.error();
        offset += want;
        const char* begin = buffer.data();
        const char* const end = begin + carried + want;
        carried = 0;
        if (isBehindLong) {
            begin = findNewline(begin, end);
            if (begin == end) continue;
            ++begin;
            ++line;
            isBehindLong = false;
        }
        const char* const whole = offset == stretch.end ? end : endOfLines(begin, end);
        scanLines(begin, whole, line, found);
        line += countLines(begin, whole);
        carried = static_cast<std::size_t>(end - whole);
        if (carried > buffer.size() / 2) {
            scanLines(whole, end, line, found);
            isBehindLong = true;
            carried = 0;
        }
        std::memmove(buffer.data(), whole, carried);
    }
    return {};
}

void SourceScan::scanLines(const char* begin, const char* end, std::uint32_t line, const Found& found) const {
    for (std::size_t needle = 0; needle < m_needles.size(); ++needle) scanFor(needle, begin, end, line, found);
}

void SourceScan::scanFor(std::size_t index, const char* begin, const char* end, std::uint32_t line,
                         const Found& found) const {
    const Needle& needle = m_needles[index];
    NeedleCursor cursor(needle, begin, end);
    const char* lineBegin = begin;
    for (const char* at = cursor.next(begin); at != nullptr;) {
        for (const char* newline = findNewline(lineBegin, at); newline != at; newline = findNewline(lineBegin, at)) {
            lineBegin = newline + 1;
            ++line;
        }
        const char* const lineEnd = findNewline(at, end);
        const char* textEnd = lineEnd > lineBegin && lineEnd[-1] == '\r' ? lineEnd - 1 : lineEnd;
        textEnd = std::min(textEnd, lineBegin + std::min<std::ptrdiff_t>(end - lineBegin, SourceText::kShownLineBytes));
        if (at + needle.size() <= textEnd) {
            found(line, index);
        } else if (at + 1 < textEnd) {
            at = cursor.next(at + 1);
            continue;
        }
        at = lineEnd == end ? nullptr : cursor.next(lineEnd + 1);
    }
}

}  // namespace alloclens::query
