// SPDX-License-Identifier: GPL-3.0-or-later
#include "generation.h"

#include <array>
#include <cstddef>

namespace alloclens::generator {

namespace {

// Columns: name, devices, counts references, hex, detects, sweeps, dumps, history, programs.
constexpr std::array<GenerationTraits, 7> kTraits{{
    {"G0", 8, false, false, false, false, false, false, false},
    {"G1", 8, true, false, false, true, true, false, false},
    {"G1e", 8, true, true, false, true, true, true, false},
    {"G2", 8, true, false, true, true, true, false, false},
    {"G3", 8, true, true, true, true, true, false, false},
    {"G4", 8, true, true, true, true, true, false, true},
    {"G5", 256, true, true, true, true, true, false, true},
}};

}  // namespace

const GenerationTraits& traitsOf(Generation generation) { return kTraits.at(static_cast<std::size_t>(generation)); }

std::optional<Generation> generationNamed(std::string_view name) {
    for (std::size_t index = 0; index < kTraits.size(); ++index) {
        if (kTraits[index].name == name) {
            return static_cast<Generation>(index);
        }
    }
    return std::nullopt;
}

}  // namespace alloclens::generator
