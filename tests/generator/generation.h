// SPDX-License-Identifier: GPL-3.0-or-later
//
// The generations of the tracking server and how they differ, as a table of facts. G0 is older than reference counts;
// G1e is the variant of G1 that keeps a history of each buffer.
#pragma once

#include <optional>
#include <string_view>

namespace alloclens::generator {

enum class Generation { G0, G1, G1e, G2, G3, G4, G5 };

struct GenerationTraits {
    std::string_view name;
    int maxDevices;
    bool countsReferences;  // false: a second allocation replaces the entry, the first free removes it
    bool hexIds;            // ids in event lines as 0x18b20 instead of 101152
    bool detectsDevices;    // prints a device detection block before its banner
    bool sweeps;            // removes the buffers of dead processes
    bool dumps;             // answers DUMP_REMAINING
    bool keepsHistory;      // G1e
    bool tracksPrograms;    // circular buffers and kernels; it also checks sizes and devices of allocations
};

[[nodiscard]] const GenerationTraits& traitsOf(Generation generation);

// "G1e" -> Generation::G1e; none for unknown names.
[[nodiscard]] std::optional<Generation> generationNamed(std::string_view name);

}  // namespace alloclens::generator
