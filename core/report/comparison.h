// SPDX-License-Identifier: GPL-3.0-or-later
//
// A comparison of two runs as text for people, JSON for programs and Markdown for a change request.
#pragma once

#include <iosfwd>
#include <string_view>

#include "core/compare/compare.h"

namespace alloclens {

struct ComparisonInput {
    const Comparison* comparison = nullptr;
    const Analysis* before = nullptr;
    const Analysis* after = nullptr;
    bool colour = false;
};

using WriteComparison = void (*)(const ComparisonInput& input, std::ostream& out);
/// The writer of a format: text, json, markdown; null for others.
[[nodiscard]] WriteComparison findComparisonWriter(std::string_view format);

}  // namespace alloclens
