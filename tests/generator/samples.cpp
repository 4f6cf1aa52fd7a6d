// SPDX-License-Identifier: GPL-3.0-or-later
#include "samples.h"

#include <array>
#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>

#include "generator.h"

namespace alloclens::generator {

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) {
        throw std::runtime_error("cannot write " + path.string());
    }
}

// Each seed is chosen so that the sample shows all features of its generation.
struct Sample {
    const char* name;
    std::uint64_t seed;
};

constexpr std::array<Sample, 7> kSamples{{
    {"g0.log", 1},
    {"g1.log", 110},
    {"g1e.log", 206},
    {"g2.log", 302},
    {"g3.log", 403},
    {"g4.log", 583},
    {"g5.log", 606},
}};

}  // namespace

Recipe sampleRecipe(Generation generation) {
    Recipe recipe;
    recipe.generation = generation;
    const bool histories = generation == Generation::G1e;  // a refused free prints up to twelve lines of them
    recipe.seed = kSamples.at(static_cast<std::size_t>(generation)).seed;
    recipe.events = histories ? 125 : 190;
    recipe.devices = generation == Generation::G5 ? 4 : 2;
    recipe.processes = 3;
    recipe.foreignLines = true;
    recipe.liveBuffers = 5;
    recipe.aliasShare = 0.09;
    recipe.doubleFreeShare = histories ? 0.05 : 0.07;
    recipe.staleOwnerShare = 0.3;
    recipe.unknownFreeShare = 0.02;
    recipe.rejectedShare = 0.01;
    recipe.programShare = 0.08;
    recipe.teardownFrees = histories ? 5 : 8;
    recipe.leaks = 3;
    recipe.statisticsEvery = 110;
    recipe.dumpEvery = histories ? 95 : 150;
    return recipe;
}

void writeSamples(const std::filesystem::path& directory) {
    std::filesystem::create_directories(directory);
    write(directory / "reference.log", referenceLog().log);
    for (std::size_t index = 0; index < kSamples.size(); ++index) {
        write(directory / kSamples.at(index).name, generate(sampleRecipe(static_cast<Generation>(index))).log);
    }
}

}  // namespace alloclens::generator
