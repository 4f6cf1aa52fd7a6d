// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds the lines of a source that contain given texts. Threads share the work by scanning different stretches. A
// stretch is read in large pieces that are searched as a whole; only around a match is the text split into lines. Of a
// line longer than SourceText::kShownLineBytes only that many bytes are searched.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/result.h"
#include "core/query/needle.h"
#include "core/trace/source_text.h"

namespace alloclens::query {

/// Consecutive whole lines: [firstLine, endLine), at the bytes [begin, end).
struct SourceStretch {
    std::uint32_t firstLine;
    std::uint32_t endLine;
    std::uint64_t begin;
    std::uint64_t end;
};

/// Divides the whole source into stretches of about `bytes`, in order.
[[nodiscard]] std::vector<SourceStretch> stretchesOf(const SourceText& source, std::uint64_t bytes);

class SourceScan {
public:
    /// A good size of a stretch, in bytes.
    static constexpr std::uint64_t kStretchBytes = std::uint64_t{1} << 20;

    /// Tunes the needles to the source. The source must outlive this.
    SourceScan(const SourceText& source, std::vector<Needle> needles);

    /// Calls `found(line, needle)` once for each line and each needle in it. The lines of one needle come in order. Any
    /// number of threads may scan at once. Errors: the source cannot be read.
    using Found = std::function<void(std::uint32_t line, std::size_t needle)>;
    [[nodiscard]] Result<void> scan(const SourceStretch& stretch, const Found& found) const;

private:
    void scanLines(const char* begin, const char* end, std::uint32_t line, const Found& found) const;
    void scanFor(std::size_t needle, const char* begin, const char* end, std::uint32_t line, const Found& found) const;

    const SourceText& m_source;
    std::vector<Needle> m_needles;
};

}  // namespace alloclens::query
