// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many files the process may have open. Free function, to be called before there are threads.
#pragma once

namespace alloclens {

/// Raises the limit to what the system allows: a recording takes a descriptor for each client, an open trace for each
/// of its parts.
void raiseDescriptorLimit();

}  // namespace alloclens
