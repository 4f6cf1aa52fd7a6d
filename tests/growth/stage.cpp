// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs one stage on an input of a given size while callgrind counts the instructions of that stage only. Callgrind adds
// up all threads, and their number depends on the machine, so the program binds itself to one processor first.
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
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <valgrind/callgrind.h>

#include "core/analysis/analysis.h"
#include "core/base/parallel.h"
#include "core/guards/guard_replay.h"
#include "core/query/filter.h"
#include "core/report/report.h"
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

/// Calls `work` and counts its instructions. Destroys its result without counting.
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

/// Writes a log with `write` and reads it with `read`.
template <typename Write, typename Read>
std::shared_ptr<const Trace> readWritten(Write write, Read read) {
    std::string path = (std::filesystem::temp_directory_path() / "alloclens-growth-XXXXXX").string();
    const int descriptor = ::mkstemp(path.data());
    if (descriptor < 0) stop("cannot make " + path);
    ::close(descriptor);
    std::ofstream file(path, std::ios::binary);
    write(file);
    file.close();
    auto trace = read(path);
    std::filesystem::remove(path);
    return valueOf(std::move(trace));
}

/// The same, and counts the reading.
template <typename Write>
void read(Write write) {
    static_cast<void>(readWritten(
        write, [](const std::string& path) { return counted([&] { return readTrace(path, "server-log", {}, {}); }); }));
}

void readMixed(std::uint64_t size) {
    generator::Recipe recipe;
    recipe.events = size;
    recipe.foreignLines = true;
    read([&](std::ofstream& file) { generator::stream(recipe, [&file](std::string_view text) { file << text; }); });
}

/// A log whose processes die again and again, without a line that says what this freed.
void readLostSweeps(std::uint64_t size) {
    read([size](std::ofstream& file) {
        for (std::uint64_t i = 0; i < size / 2; ++i) {
            file << "[PID 7] Allocated 4 bytes of L1 on device 0 (buffer_id=" << i * 16 << ")\n"
                 << "PID 7 is dead, removing\n";
        }
    });
}

/// A log that reuses one address again and again, with a torn line now and then.
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

void detectAll(std::shared_ptr<const Trace> trace) {
    const Replay replayed = valueOf(replayTrace(std::move(trace), {}));
    static_cast<void>(valueOf(counted([&]() -> Result<Findings> {
        auto findings = detect(replayed, {});
        if (!findings) return findings;
        if (auto judged = judge(replayed, *findings, {}); !judged) return judged.error();
        return findings;
    })));
}

void detectAll(TraceShape shape, std::uint64_t size) { detectAll(test::makeTrace(shape, size)); }

/// A log of many devices. A server has a few hundred, but a damaged text may name any number.
class DeviceLog {
public:
    explicit DeviceLog(std::ostream& out) : m_out(out) {}
    void allocate(std::uint64_t device, std::uint64_t address) {
        m_out << "[PID 7] Allocated 4096 bytes of L1 on device " << device << " (buffer_id=" << address << ")\n";
    }
    void free(std::uint64_t device, std::uint64_t address) {
        m_out << "[PID 7] Freed buffer " << address << " on device " << device << " (4096 bytes, FINAL)\n";
    }
    void refuse(std::uint64_t device, std::uint64_t address) {
        m_out << "[PID 7] Deallocation for unknown buffer " << address << " on device " << device
              << " (allocated before tracking started)\n";
    }
    void sum(std::uint64_t live) { m_out << "  Active allocations: " << live << "\n"; }

private:
    std::ostream& m_out;
};

/// A log of `devices` devices that `write` makes.
template <typename Write>
std::shared_ptr<const Trace> traceOfDevices(std::uint64_t devices, Write write) {
    const auto make = [&](std::ofstream& file) {
        DeviceLog log(file);
        write(log, devices);
    };
    return readWritten(make, [](const std::string& path) { return readTrace(path, "server-log", {}, {}); });
}
template <typename Write>
void detectOnDevices(std::uint64_t devices, Write write) {
    detectAll(traceOfDevices(devices, write));
}

constexpr std::uint64_t kAddress = 4096;

void refuseOneAddress(DeviceLog& log, std::uint64_t devices) {
    for (std::uint64_t i = 0; i < devices; ++i) log.allocate(i, kAddress);
    for (std::uint64_t i = 0; i < devices; ++i) log.free(i, kAddress);
    for (std::uint64_t i = 0; i < devices; ++i) log.refuse(i, kAddress);
}

void refuseOwnAddresses(DeviceLog& log, std::uint64_t devices) {
    for (std::uint64_t i = 0; i < devices; ++i) {
        log.allocate(i, kAddress * i);
        log.free(i, kAddress * i);
        log.refuse(i, kAddress * i);
    }
}

/// Half of the devices have a suspect free and compare with the other half, which refused none.
void suspectHalf(DeviceLog& log, std::uint64_t devices) {
    for (int generation = 0; generation < 2; ++generation) {
        for (std::uint64_t i = 0; i < devices; ++i) log.allocate(i, kAddress);
        for (std::uint64_t i = 0; i < devices; ++i) log.free(i, kAddress);
    }
    for (std::uint64_t i = 0; i < devices; i += 2) log.refuse(i, kAddress);
}

/// Pairs of devices in step that differ at one of their addresses.
void partPairs(DeviceLog& log, std::uint64_t devices) {
    constexpr std::uint64_t kAddresses = 4;
    for (std::uint64_t i = 0; i + 1 < devices; i += 2) {
        for (std::uint64_t k = 0; k < kAddresses; ++k) {
            const std::uint64_t address = kAddress * (i * kAddresses + k);
            log.allocate(i, address);
            log.allocate(i + 1, address);
            log.free(i, address);
            if (k > 0 || i % 4 == 0) log.free(i + 1, address);
        }
    }
}

void reportPairs(std::uint64_t size) {
    const auto analysis = valueOf(analyse(traceOfDevices(size / 16, partPairs), {}));
    ReportInput input;
    input.analysis = analysis.get();
    std::ostringstream out;
    const auto written = counted([&] { return findReport("mesh", "text")->write(input, out); });
    if (!written) stop(written.error().sentence());
}

/// One buffer that is allocated again and again while it is live, as by many owners, and freed as often.
std::shared_ptr<const Analysis> analysisOfAliases(std::uint64_t aliases) {
    const auto write = [aliases](std::ofstream& file) {
        const auto allocate = [&file](std::uint64_t owner, std::string_view references) {
            file << "[PID " << owner << "] Allocated 4096 bytes of L1 on device 0 (buffer_id=4096" << references
                 << ")\n";
        };
        allocate(1, {});
        for (std::uint64_t i = 2; i < aliases + 2; ++i) allocate(i, ", ref_count=" + std::to_string(i));
        for (std::uint64_t i = aliases; i > 0; --i)
            file << "[PID 1] Freed buffer 4096 on device 0 (4096 bytes, ref_count=" << i << " remaining)\n";
    };
    const auto trace = readWritten(write,
                                   [](const std::string& path) { return readTrace(path, "server-log", {}, {}); });
    return valueOf(analyse(trace, {}));
}

/// All that can be written of it.
void reportAliases(std::uint64_t size) {
    const auto analysis = analysisOfAliases(size / 16);
    ReportInput input;
    input.analysis = analysis.get();
    const auto written = counted([&]() -> Result<void> {
        for (const Report& report : reports()) {
            std::ostringstream out;
            if (auto done = report.write(input, out); !done) return done;
        }
        for (const std::string_view format : {"text", "json"}) {
            std::ostringstream out;
            if (auto done = writeHistory(input, AddressId(0U), format, out); !done) return done;
        }
        return {};
    });
    if (!written) stop(written.error().sentence());
}

/// A program that does the same over and over, and whose log does not show at its end what freed a few buffers.
void detectRepeatedWork(std::uint64_t size) {
    const auto trace = readWritten(
        [size](std::ofstream& file) {
            constexpr std::uint64_t kLost = 3;
            for (std::uint64_t i = 0; i < size / 4; ++i) {
                file << "[PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=4096)\n";
                if (i != size / 8) file << "[PID 7] Freed buffer 4096 on device 0 (4096 bytes, FINAL)\n";
            }
            for (std::uint64_t i = 0; i < kLost; ++i)
                file << "[PID 7] Freed buffer 4096 on device 0 (4096 bytes, FINAL)\n";
        },
        [](const std::string& path) { return readTrace(path, "server-log", {}, {}); });
    detectAll(trace);
}

/// Each device frees an address of its own that only its neighbour has.
void refuseNeighbours(DeviceLog& log, std::uint64_t devices) {
    for (std::uint64_t i = 0; i < devices; ++i) log.allocate(i, kAddress * i);
    for (std::uint64_t i = 0; i < devices; ++i) log.refuse(i, kAddress * ((i + 1) % devices));
}

void sumUp(DeviceLog& log, std::uint64_t devices) {
    for (std::uint64_t i = 0; i < devices; ++i) {
        log.allocate(i, kAddress);
        log.sum(i + 1);
    }
}

/// As many restarts as processes.
void replayRestarts(std::uint64_t size) {
    const auto trace = readWritten(
        [size](std::ofstream& file) {
            for (std::uint64_t i = 0; i < size / 8; ++i)
                file << "[PID " << i + 1 << "] Allocated 4 bytes of L1 on device 0 (buffer_id=" << i * 16 << ")\n";
            for (std::uint64_t i = 0; i < size / 8; ++i) file << "Allocation Server started\n";
        },
        [](const std::string& path) { return readTrace(path, "server-log", {}, {}); });
    static_cast<void>(valueOf(counted([&] { return replayTrace(trace, {}); })));
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

std::shared_ptr<const Analysis> analysisOfDevices(std::uint64_t devices) {
    return valueOf(analyse(traceOfDevices(devices, refuseOneAddress), {}));
}

void scene(std::shared_ptr<const Analysis> analysis) {
    static_cast<void>(valueOf(counted([&] { return buildScene(analysis, {}, {}, {}); })));
}

/// Counts the second picture, since the first one may prepare data for later ones.
void picture(std::shared_ptr<const Analysis> analysis) {
    constexpr int kWidth = 1'600;
    constexpr int kHeight = 600;
    const auto built = valueOf(buildScene(std::move(analysis), {}, {}, {}));
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
    Stage{"detectors-one-address", [](std::uint64_t size) { detectOnDevices(size / 16, refuseOneAddress); }},
    Stage{"detectors-own-addresses", [](std::uint64_t size) { detectOnDevices(size / 16, refuseOwnAddresses); }},
    Stage{"detectors-suspects", [](std::uint64_t size) { detectOnDevices(size / 32, suspectHalf); }},
    Stage{"detectors-pairs", [](std::uint64_t size) { detectOnDevices(size / 4, partPairs); }},
    Stage{"report-pairs", reportPairs},
    Stage{"detectors-neighbours", [](std::uint64_t size) { detectOnDevices(size / 16, refuseNeighbours); }},
    Stage{"detectors-repeated-work", detectRepeatedWork},
    Stage{"report-aliases", reportAliases},
    Stage{"detectors-sums", [](std::uint64_t size) { detectOnDevices(size / 16, sumUp); }},
    Stage{"replay-restarts", replayRestarts},
    Stage{"guards-slots", [](std::uint64_t size) { replayGuarded(TraceShape::Slots, size); }},
    Stage{"guards-deaths", [](std::uint64_t size) { replayGuarded(TraceShape::Deaths, size); }},
    Stage{"filter-columns", [](std::uint64_t size) { filter("device:2,4 size:>64KiB -kind:leak", size); }},
    Stage{"filter-lifecycle", [](std::uint64_t size) { filter("lifecycle:/FU+/", size); }},
    Stage{"scene", [](std::uint64_t size) { scene(analysisOf(size)); }},
    Stage{"scene-devices", [](std::uint64_t size) { scene(analysisOfDevices(size / 16)); }},
    Stage{"scene-aliases", [](std::uint64_t size) { scene(analysisOfAliases(size)); }},
    Stage{"picture", [](std::uint64_t size) { picture(analysisOf(size)); }},
    Stage{"picture-devices", [](std::uint64_t size) { picture(analysisOfDevices(size / 16)); }},
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
