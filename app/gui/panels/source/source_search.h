// SPDX-License-Identifier: GPL-3.0-or-later
//
// Looks for a text in all lines of a source, upper and lower case alike, on all cores. The whole source is searched at
// about the speed at which it can be read; the hit that is nearest in the wanted direction is told as soon as it is
// sure. Of a line longer than SourceText::kShownLineBytes only so much is searched.
#pragma once

#include <QString>

#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/trace/source_text.h"

namespace alloclens {

enum class SearchDirection { Down, Up };

/// Lines with the text, in order, each once.
using SourceHits = std::vector<std::uint32_t>;

/// The next hit behind the line `from` (0 is before the first line), or before it; around the end of the source. 0 if
/// there is none at all.
[[nodiscard]] std::uint32_t nextHit(const SourceHits& hits, std::uint32_t from, SearchDirection direction);

/// All lines with the text. Searches away from `from`, so that `nearest` can be told what nextHit will give long before
/// the end; it is called at most once, from any thread. Errors: the source cannot be read; cancelled.
[[nodiscard]] Result<SourceHits> findInSource(const SourceText& source, const QString& text, std::uint32_t from,
                                              SearchDirection direction, const TaskContext& task,
                                              const std::function<void(std::uint32_t)>& nearest);

}  // namespace alloclens
