// SPDX-License-Identifier: GPL-3.0-or-later
//
// Visible ranges that show a place: moved as little as is needed to have it in sight, or drawn close around it. And
// those of a step of the keys. What they give may reach beyond the trace; confined() brings it back. Pure.
#pragma once

#include <span>

#include "core/timeline/scene.h"

namespace alloclens {

/// What is to be seen; an invalid id names nothing.
struct ScenePlace {
    EventId event;
    AddressId address;
    LifetimeId lifetime;
};

/// As large as `range`, with the event and the row of the address in it. An event or row that is not in sight comes to
/// the middle, one that is stays where it is.
[[nodiscard]] ViewRange rangeInSight(const Scene& scene, ViewRange range, const ScenePlace& place);

/// From where the lifetime begins to its end or to the event, whichever is later, with some room and some rows around
/// it, and `also` in it. Without an event it is the lifetime, without one all of the trace. Down it is `range` where
/// the row is hidden.
[[nodiscard]] ViewRange rangeAround(const Scene& scene, ViewRange range, const ScenePlace& place,
                                    std::span<const double> also);

/// About the middle, across; above 1 is closer.
[[nodiscard]] ViewRange zoomed(ViewRange range, double factor);
/// Moved by fractions of what is visible.
[[nodiscard]] ViewRange panned(ViewRange range, double fractionAcross, double fractionDown);

}  // namespace alloclens
