// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reference log: ordinary traffic of four processes, and a fifth one that follows a script by line numbers. The
// fifth builds a pool of mesh buffers, frees it, and frees it again in a teardown. In between it frees one address
// twice after reuse.
#include <stdexcept>
#include <string>
#include <vector>

#include "generator.h"
#include "run.h"
#include "workload.h"

namespace alloclens::generator {

namespace {

constexpr int kDevices = 8;
constexpr int kWorker = 20'102;
constexpr std::uint64_t kPoolBase = 694'960'736;
constexpr std::uint64_t kPoolBuffers = 113;  // and one more, at the documented address
constexpr std::uint64_t kTwiceFreed = 695'055'872;

Recipe backgroundTraffic() {
    Recipe recipe;
    recipe.generation = Generation::G2;
    recipe.seed = 695'055'872;
    recipe.events = 1'000'000;  // ends when the script says so
    recipe.devices = kDevices;
    recipe.processes = 4;
    recipe.foreignLines = true;
    recipe.liveBuffers = 22;
    recipe.deaths = 0;  // at fixed lines, see below
    recipe.doubleFreeShare = 0.012;
    recipe.statisticsEvery = 1'900;
    recipe.dumpEvery = 7'300;
    recipe.leaks = 9;
    return recipe;
}

class Script {
public:
    explicit Script(Generated& result)
        : m_workload(backgroundTraffic()),
          m_run(
              Generation::G2, kDevices, [&result](std::string_view text) { result.log += text; }, &result.truth) {}

    // Lets the others work until exactly `line` lines are written.
    void until(std::uint64_t line) {
        constexpr std::uint64_t kLongestBlock = 600;
        while (m_run.lines() < line) {
            m_workload.setQuiet(m_run.lines() + kLongestBlock >= line);
            background();
        }
        if (m_run.lines() != line) {
            throw std::logic_error("the reference log's script missed line " + std::to_string(line));
        }
    }

    void background() {
        const auto message = m_workload.next();
        if (!message) {
            throw std::logic_error("the reference log's traffic ended early");
        }
        m_run.feed(*message);
    }

    void others(std::uint64_t messages) {
        for (; messages > 0; --messages) {
            background();
        }
    }

    void quiet() { m_workload.setQuiet(true); }
    void die() { m_workload.killOne(); }

    void allocate(const Buffer& buffer) { send(MessageKind::Allocate, buffer); }
    void free(const Buffer& buffer) { send(MessageKind::Free, buffer); }

    [[nodiscard]] std::uint64_t lines() const { return m_run.lines(); }

    void finish() {
        m_workload.setQuiet(false);
        m_workload.drain();
        while (const auto message = m_workload.next()) {
            m_run.feed(*message);
        }
        m_run.feed({.kind = MessageKind::DumpRemaining});
        m_run.finish();
    }

private:
    void send(MessageKind kind, const Buffer& buffer) {
        for (int device = buffer.first; device < buffer.first + buffer.count; ++device) {
            m_run.feed({.kind = kind,
                        .process = kWorker,
                        .device = device,
                        .address = buffer.address,
                        .size = buffer.size,
                        .type = buffer.type});
        }
    }

    Workload m_workload;
    Run m_run;
};

std::vector<Buffer> pool() {
    Random random(kPoolBase);
    std::vector<Buffer> buffers;
    std::uint64_t address = kPoolBase;
    for (std::uint64_t index = 0; index < kPoolBuffers; ++index) {
        const std::uint64_t size = 2048ULL << random.halvings(4);
        buffers.push_back({.address = address, .size = size, .first = 0, .count = kDevices});
        address += (size / 12 + 31) / 32 * 32;
    }
    return buffers;
}

}  // namespace

Generated referenceLog() {
    Generated result{.log = {}, .truth = Truth(Generation::G2)};
    Script script(result);

    Buffer reused{.address = 25'718'784, .size = 524'288, .first = 2, .count = 1};
    script.until(3944);
    script.allocate(reused);
    script.until(3972);
    script.free(reused);
    script.until(3980);
    reused.size = 98'304;
    script.allocate(reused);
    script.until(4020);
    script.free(reused);
    script.until(5299);
    script.free(reused);

    script.until(9000);
    script.die();

    // The pool is allocated and freed correctly; its last buffer is at the documented lines.
    script.until(12'300);
    const std::vector<Buffer> buffers = pool();
    script.quiet();
    for (const Buffer& buffer : buffers) {
        script.allocate(buffer);
        script.others(3);
    }
    for (auto buffer = buffers.rbegin(); buffer != buffers.rend(); ++buffer) {
        script.free(*buffer);
        script.others(3);
    }
    const Buffer twiceFreed{.address = kTwiceFreed, .size = 16'384, .first = 0, .count = kDevices};
    script.until(14'891);
    script.allocate(twiceFreed);
    script.until(14'931);
    script.free(twiceFreed);

    // The teardown frees everything again; the documented buffer at its line.
    constexpr std::uint64_t kBetween = 2;
    script.until(14'957);
    bool last = false;
    for (const Buffer& buffer : buffers) {
        if (!last && script.lines() + kDevices + kBetween > 15'256) {
            script.until(15'256);
            script.free(twiceFreed);
            last = true;
        }
        script.free(buffer);
        script.others(kBetween);
    }
    script.until(16'500);
    script.finish();
    return result;
}

}  // namespace alloclens::generator
