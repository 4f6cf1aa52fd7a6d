// SPDX-License-Identifier: GPL-3.0-or-later
//
// The limit on open files of this process. For use before other threads start.
#pragma once

namespace alloclens {

/// Raises the soft limit to the hard limit: a recording opens a descriptor for each client, an open trace one for each
/// of its parts. Does nothing if the system refuses.
void raiseDescriptorLimit();

}  // namespace alloclens
