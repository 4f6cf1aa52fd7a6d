// SPDX-License-Identifier: GPL-3.0-or-later
//
// What becomes of the visible range when there is another scene to show: more of the same file, other axes, other rows
// because of a filter. What was in sight stays in sight as far as that means anything. Pure, a few binary searches.
#pragma once

#include <optional>

#include "core/timeline/scene.h"

namespace alloclens {

/// The part of a scene that is shown. `left`: that in which this document was left, if it was shown before. `previous`:
/// its scene that is shown now, or null. `isFollowing`: a range that shows the newest goes on showing it.
[[nodiscard]] ViewRange carriedRange(const Scene* previous, const Scene& scene, const std::optional<RangeOnAxes>& left,
                                     bool isFollowing);

}  // namespace alloclens
