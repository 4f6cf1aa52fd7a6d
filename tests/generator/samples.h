// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sample logs that come with AllocLens: the reference log, and a small log of each server generation.
#pragma once

#include <filesystem>

#include "recipe.h"

namespace alloclens::generator {

// The recipe of a generation's small sample, which has 150 to 400 lines.
[[nodiscard]] Recipe sampleRecipe(Generation generation);

// Writes reference.log and g0.log to g5.log into `directory`, and overwrites existing ones. Throws std::runtime_error
// if a file cannot be written.
void writeSamples(const std::filesystem::path& directory);

}  // namespace alloclens::generator
