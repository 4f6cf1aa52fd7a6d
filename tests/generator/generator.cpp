// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator.h"

#include "run.h"
#include "workload.h"

namespace alloclens::generator {

std::uint64_t stream(const Recipe& recipe, const TextSink& sink, Truth* truth, CaptureWriter* capture) {
    Workload workload(recipe);
    Run run(recipe.generation, recipe.devices, sink, truth);
    while (const auto message = workload.next()) {
        run.feed(*message);
        if (capture != nullptr) {
            capture->feed(*message);
        }
    }
    run.finish();
    if (capture != nullptr) {
        capture->finish();
    }
    return run.lines();
}

Generated generate(const Recipe& recipe) {
    Generated generated{.log = {}, .truth = Truth(recipe.generation)};
    stream(
        recipe, [&](std::string_view text) { generated.log += text; }, &generated.truth);
    return generated;
}

}  // namespace alloclens::generator
