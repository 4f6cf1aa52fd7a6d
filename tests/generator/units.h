// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bytes in the server's units: KB and MB are powers of 1024, and doubles.
#pragma once

#include <cstdint>

namespace alloclens::generator {

[[nodiscard]] inline double kibibytes(std::uint64_t bytes) { return static_cast<double>(bytes) / 1024.0; }

[[nodiscard]] inline double mebibytes(std::uint64_t bytes) { return static_cast<double>(bytes) / (1024.0 * 1024.0); }

}  // namespace alloclens::generator
