// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs one stage on an input of a given size, with callgrind counting the instructions of that stage and of nothing
// else. Callgrind counts all threads together, but how many threads there are depends on the machine, so the program
// binds itself to one processor first.
//
//     valgrind --tool=callgrind --instr-atstart=no alloclens_growth_stage STAGE SIZE
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <valgrind/callgrind.h>

#include "core/analysis/analysis.h"
#include "core/base/parallel.h"
#include "core/guards/guard_replay.h"
#include "core/query/filter.h"
#include "core/timeline/scene.h"
#include "core/verdicts/verdicts.h"
#include "importers/importer.h"
#include "tests/generator/generator.h"
#include "tests/support/one_core.h"
#include "tests/support/synthetic_trace.h"

namespace {

using namespace alloclens;
using test::TraceShape;

[[noreturn]] void stop(const std::string& why) {
    std::fprintf(stderr, "alloclens_growth_stage: %s\n", why.c_str());
    std::exit(1);
}

template <typename T>
T valueOf(Result<T> result) {
    if (!result) stop(result.error().sentence());
    return std::move(*result);
}

/// Calls `work` and counts its instructions. What it makes is destroyed uncounted.
template <typename Work>
auto counted(Work work) {
    CALLGRIND_START_INSTRUMENTATION;
    auto result = work();
    CALLGRIND_STOP_INSTRUMENTATION;
    return result;
}

std::shared_ptr<const Analysis> analysisOf(std::uint64_t lifetimes) {
    return valueOf(analyse(test::makeTrace(TraceShape::Slots, lifetimes), {}));
}

/// Reads a log that `write` puts into a file.
template <typename Write>
void read(Write write) {
    std::string path = (std::filesystem::temp_directory_path() / "alloclens-growth-XXXXXX").string();
    const int descriptor = ::mkstemp(path.data());
    if (descriptor < 0) stop("cannot make " + path);
    ::close(descriptor);
    std::ofstream file(path, std::ios::binary);
    write(file);
    file.close();
    const auto trace = counted([&] { return readTrace(path, "server-log", {}, {}); });
    std::filesystem::remove(path);
    if (!trace) stop(trace.error().sentence());
}

void readMixed(std::uint64_t size) {
    generator::Recipe recipe;
    recipe.events = size;
    recipe.foreignLines = true;
    read([&](std::ofstream& file) { generator::stream(recipe, [&file](std::string_view text) { file << text; }); });
}

/// A log whose processes die again and again, and no line tells what that freed.
void readLostSweeps(std::uint64_t size) {
    read([size](std::ofstream& file) {
        for (std::uint64_t i = 0; i < size / 2; ++i) {
            file << "[PID 7] Allocated 4 bytes of L1 on device 0 (buffer_id=" << i * 16 << ")\n"
                 << "PID 7 is dead, removing\n";
        }
    });
}

/// A log that uses one address again and again, and has a torn line now and then.
void readTornReuse(std::uint64_t size) {
    read([size](std::ofstream& file) {
        for (std::uint64_t i = 0; i < size / 2; ++i) {
            file << "[PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=4096)\n"
                 << "[PID 7] Freed buffer 4096 on device 0 (4096 bytes, FINAL)\n";
            if (i % 8 == 0) file << "[PID 7] Allo\n";
        }
    });
}

void replay(TraceShape shape, std::uint64_t size) {
    const auto trace = test::makeTrace(shape, size);
    static_cast<void>(valueOf(counted([&] { return replayTrace(trace, {}); })));
}

void detectAll(TraceShape shape, std::uint64_t size) {
    const Replay replayed = valueOf(replayTrace(test::makeTrace(shape, size), {}));
    static_cast<void>(valueOf(counted([&]() -> Result<Findings> {
        auto findings = detect(replayed, {});
        if (!findings) return findings;
        if (auto judged = judge(replayed, *findings, {}); !judged) return judged.error();
        return findings;
    })));
}

void replayGuarded(TraceShape shape, std::uint64_t size) {
    const auto analysis = valueOf(analyse(test::makeTrace(shape, size), {}));
    static_cast<void>(valueOf(counted([&] { return replayUnderGuards(*analysis, guards(), {}); })));
}

void filter(std::string_view text, std::uint64_t size) {
    const auto analysis = analysisOf(size);
    const Filter parsed = valueOf(Filter::parse(text));
    static_cast<void>(valueOf(counted([&] { return applyFilter(*analysis, parsed, {}); })));
}

void scene(std::uint64_t size) {
    const auto analysis = analysisOf(size);
    static_cast<void>(valueOf(counted([&] { return buildScene(analysis, {}, {}, {}); })));
}

/// The second picture: the first one may make what later ones find ready.
void picture(std::uint64_t size) {
    constexpr int kWidth = 1'600;
    constexpr int kHeight = 600;
    const auto built = valueOf(buildScene(analysisOf(size), {}, {}, {}));
    const PixelMap map{built->fullRange(), kWidth, kHeight};
    static_cast<void>(drawPicture(built->source(), map));
    static_cast<void>(counted([&] { return drawPicture(built->source(), map); }));
}

struct Stage {
    std::string_view name;
    std::function<void(std::uint64_t)> run;
};

const std::array kStages{
    Stage{"parse", readMixed},
    Stage{"parse-lost-sweeps", readLostSweeps},
    Stage{"parse-torn-reuse", readTornReuse},
    Stage{"replay-slots", [](std::uint64_t size) { replay(TraceShape::Slots, size); }},
    Stage{"replay-live-keys", [](std::uint64_t size) { replay(TraceShape::LiveKeys, size); }},
    Stage{"replay-deaths", [](std::uint64_t size) { replay(TraceShape::Deaths, size); }},
    Stage{"replay-many-keys", [](std::uint64_t size) { replay(TraceShape::ManyKeys, size); }},
    Stage{"detectors-slots", [](std::uint64_t size) { detectAll(TraceShape::Slots, size); }},
    Stage{"detectors-deaths", [](std::uint64_t size) { detectAll(TraceShape::Deaths, size); }},
    Stage{"detectors-refusals", [](std::uint64_t size) { detectAll(TraceShape::Refusals, size); }},
    Stage{"detectors-mesh", [](std::uint64_t size) { detectAll(TraceShape::Mesh, size); }},
    Stage{"guards-slots", [](std::uint64_t size) { replayGuarded(TraceShape::Slots, size); }},
    Stage{"guards-deaths", [](std::uint64_t size) { replayGuarded(TraceShape::Deaths, size); }},
    Stage{"filter-columns", [](std::uint64_t size) { filter("device:2,4 size:>64KiB -kind:leak", size); }},
    Stage{"filter-lifecycle", [](std::uint64_t size) { filter("lifecycle:/FU+/", size); }},
    Stage{"scene", scene},
    Stage{"picture", picture},
};

}  // namespace

int main(int argc, char** argv) {
    constexpr int kArguments = 3;
    if (argc != kArguments) stop("usage: alloclens_growth_stage STAGE SIZE");
    const test::OnOneCore bound;
    if (coreCount() != 1) stop("cannot bind to one processor");
    const std::uint64_t size = std::strtoull(argv[2], nullptr, 10);
    for (const Stage& stage : kStages) {
        if (stage.name != argv[1]) continue;
        stage.run(size);
        return 0;
    }
    stop("there is no stage " + std::string(argv[1]));
}
