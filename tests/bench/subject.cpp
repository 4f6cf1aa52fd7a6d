// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/subject.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <string_view>
#include <unistd.h>
#include <utility>

#include "importers/importer.h"
#include "tests/generator/generator.h"

namespace alloclens::bench {
namespace {

std::shared_ptr<const Analysis> analysisOf(std::shared_ptr<const Trace> trace) {
    auto analysis = analyse(std::move(trace), {});
    if (!analysis) stop(analysis.error().sentence());
    return *analysis;
}

double wallSeconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double processorSeconds() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

void stop(const std::string& why) {
    std::fprintf(stderr, "alloclens_bench: %s\n", why.c_str());
    std::exit(1);
}

Log::Log(std::uint64_t events) : m_path((std::filesystem::temp_directory_path() / "alloclens-bench-XXXXXX").string()) {
    const int descriptor = ::mkstemp(m_path.data());
    if (descriptor < 0) stop("cannot make " + m_path);
    ::close(descriptor);
    std::ofstream file(m_path, std::ios::binary);
    generator::Recipe recipe;
    recipe.events = events;
    recipe.foreignLines = true;
    generator::stream(recipe, [&file](std::string_view text) { file << text; });
    file.close();
    if (!file) stop("cannot write " + m_path);
    m_trace = read(0);
    m_analysis = analysisOf(m_trace);
}

Log::~Log() { std::filesystem::remove(m_path); }

std::shared_ptr<const Trace> Log::read(unsigned threads) const {
    ReadOptions options;
    options.threads = threads;
    auto trace = readTrace(m_path, "server-log", options, {});
    if (!trace) stop(trace.error().sentence());
    return *trace;
}

const Log& logOf(std::int64_t events) {
    static std::map<std::int64_t, std::unique_ptr<Log>> logs;
    auto& log = logs[events];
    if (!log) log = std::make_unique<Log>(static_cast<std::uint64_t>(events));
    return *log;
}

const std::shared_ptr<const Trace>& syntheticTrace(test::TraceShape shape, std::int64_t lifetimes) {
    static std::pair<test::TraceShape, std::int64_t> made;
    static std::shared_ptr<const Trace> trace;
    if (!trace || made != std::pair(shape, lifetimes)) {
        trace.reset();
        trace = test::makeTrace(shape, static_cast<std::uint64_t>(lifetimes));
        made = {shape, lifetimes};
    }
    return trace;
}

const std::shared_ptr<const Analysis>& syntheticAnalysis(std::int64_t lifetimes) {
    static std::int64_t made = 0;
    static std::shared_ptr<const Analysis> analysis;
    if (made != lifetimes) {
        analysis.reset();
        analysis = analysisOf(syntheticTrace(test::TraceShape::Slots, lifetimes));
        made = lifetimes;
    }
    return analysis;
}

EventCost::EventCost() : m_wall(wallSeconds()), m_processor(processorSeconds()) {}

void EventCost::end(benchmark::State& state, std::size_t events) const {
    const double done = static_cast<double>(state.iterations()) * static_cast<double>(events);
    state.counters["wall/event"] = (wallSeconds() - m_wall) / done;
    state.counters["cpu/event"] = (processorSeconds() - m_processor) / done;
}

}  // namespace alloclens::bench
