// SPDX-License-Identifier: GPL-3.0-or-later
//
// The last steps of a test that does random things, kept in plain memory so that a signal handler can print them.
#pragma once

#include <QString>

#include <cstdint>

namespace alloclens::test {

/// Prints the seed and the last steps when the program crashes, and ends it with them when no step has been noted for
/// `seconds`.
void printStepsOnCrash(std::uint32_t seed, unsigned seconds);
/// From here on a crash is not a matter of the steps.
void forgetSteps();
void noteStep(int number, const QString& what);

}  // namespace alloclens::test
