// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/synthetic_trace.h"

#include <queue>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "core/trace/trace_builder.h"
#include "tests/generator/random.h"

namespace alloclens::test {
namespace {

using generator::Random;

constexpr std::int32_t kDevices = 8;
constexpr std::int32_t kProcesses = 16;
constexpr std::int32_t kFirstPid = 20'000;
constexpr std::uint64_t kSeed = 1;

/// Collects events into parts of a reader's size, so that a large trace is never held twice.
class EventSink {
public:
    explicit EventSink(std::uint64_t events) { m_builder.reserve(events); }

    // A first allocation prints no count.
    void allocate(const AddressKey& key, std::int32_t pid) {
        add({.kind = EventKind::Allocation, .memory = memoryOf(key), .key = key, .pid = pid, .size = sizeOf(key)});
    }
    /// Another allocation; `count` includes it.
    void alias(const AddressKey& key, std::int32_t pid, std::uint32_t count) {
        add({.kind = EventKind::Allocation,
             .memory = memoryOf(key),
             .key = key,
             .pid = pid,
             .size = sizeOf(key),
             .refCount = count});
    }
    void freePartly(const AddressKey& key, std::int32_t pid, std::uint32_t remaining) {
        add({.kind = EventKind::PartialFree, .key = key, .pid = pid, .size = sizeOf(key), .refCount = remaining});
    }
    void free(const AddressKey& key, std::int32_t pid) {
        add({.kind = EventKind::FinalFree, .key = key, .pid = pid, .size = sizeOf(key)});
    }
    void refuse(const AddressKey& key, std::int32_t pid) {
        add({.kind = EventKind::RefusedFree, .key = key, .pid = pid});
    }
    void sweep(std::int32_t pid, std::uint64_t entries) {
        add({.kind = EventKind::Sweep, .key = {}, .hasKey = false, .pid = pid, .size = entries});
    }

    [[nodiscard]] std::shared_ptr<const Trace> finish() {
        append();
        return std::make_shared<const Trace>(m_builder.finish("server-log", "synthetic", FileHandle(), 0));
    }

private:
    static constexpr std::uint32_t kPartEvents = 1 << 18;

    [[nodiscard]] static Memory memoryOf(const AddressKey& key) {
        return (key.address >> 12U) % 4 == 0 ? Memory::L1 : Memory::Dram;
    }
    // From 2 KiB to 4 MiB. A key keeps its size, as in programs that repeat the same steps.
    [[nodiscard]] static std::uint64_t sizeOf(const AddressKey& key) {
        return std::uint64_t{2048} << (key.address >> 12U) % 12;
    }
    void add(TracePart::Event event) {
        event.line = ++m_part.lines;
        m_part.add(event);
        if (m_part.lines == kPartEvents) append();
    }
    void append() {
        m_part.lineCounts.events = m_part.lines;
        if (const auto done = m_builder.append(std::exchange(m_part, {})); !done) {
            std::fprintf(stderr, "synthetic trace: %s\n", done.error().sentence().c_str());
            std::exit(1);
        }
    }

    TraceBuilder m_builder;
    TracePart m_part;
};

/// Turns a number into a key: devices in turn, pages that are not neighbours.
AddressKey keyOf(std::uint64_t number) {
    constexpr std::uint64_t kPage = 4096;
    constexpr std::uint64_t kStride = 37;
    return {static_cast<std::int32_t>(number % kDevices), (1 + number / kDevices * kStride) * kPage};
}

std::int32_t pidOf(std::uint64_t number) { return kFirstPid + static_cast<std::int32_t>(number % kProcesses); }

/// How long a buffer lives, in events: most for a few hundred, a few for most of the trace (Pareto distribution,
/// exponent 1).
std::uint64_t powerLaw(Random& random, std::uint64_t longest) {
    constexpr double kShortest = 200;
    const double share = static_cast<double>(1 + (random.next() >> 11U)) * 0x1p-53;  // in (0, 1]
    return static_cast<std::uint64_t>(std::min(kShortest / share, static_cast<double>(longest)));
}

/// Allocates and frees each slot, sometimes frees it again, and queues it for its next turn.
void fillSlots(EventSink& sink, std::uint64_t lifetimes) {
    constexpr std::uint64_t kSlots = 3'000;
    constexpr std::uint64_t kDoubleFrees = 1'000;
    constexpr std::uint64_t kFewestLifetimesBetween = 50;
    const std::uint64_t betweenDoubleFrees = std::max(lifetimes / kDoubleFrees, kFewestLifetimesBetween);
    enum class Next : std::uint8_t { Allocate, Free, FreeAgain };
    struct Turn {
        std::uint64_t at;
        std::uint32_t slot;
        Next next;
        bool operator>(const Turn& other) const { return std::pair(at, slot) > std::pair(other.at, other.slot); }
    };
    Random random(kSeed);
    std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turns;
    for (std::uint32_t slot = 0; slot < kSlots; ++slot) turns.push({random.below(kSlots * 2), slot, Next::Allocate});
    std::uint64_t allocated = 0;
    std::uint64_t freed = 0;
    while (!turns.empty()) {
        Turn turn = turns.top();
        turns.pop();
        const AddressKey key = keyOf(turn.slot);
        const std::int32_t pid = pidOf(turn.slot / kDevices);
        switch (turn.next) {
        case Next::Allocate:
            if (allocated == lifetimes) continue;  // frees what is live now, and nothing more
            ++allocated;
            sink.allocate(key, pid);
            turn.next = Next::Free;
            turn.at += powerLaw(random, lifetimes);
            break;
        case Next::Free:
            sink.free(key, pid);
            turn.next = ++freed % betweenDoubleFrees == 0 ? Next::FreeAgain : Next::Allocate;
            turn.at += 1 + random.below(kSlots);
            break;
        case Next::FreeAgain:
            sink.refuse(key, pid);
            turn.next = Next::Allocate;
            turn.at += 1 + random.below(kSlots);
            break;
        }
        turns.push(turn);
    }
}

void fillLiveKeys(EventSink& sink, std::uint64_t lifetimes) {
    constexpr std::uint64_t kLiveKeys = 1'000'000;
    const std::uint64_t live = std::min(kLiveKeys, std::max<std::uint64_t>(1, lifetimes / 2));
    const std::uint64_t spare = std::max<std::uint64_t>(1, live / 16);
    // Shuffles the keys; the first `live` of them are live.
    Random random(kSeed);
    std::vector<std::uint64_t> keys(live + spare);
    for (std::uint64_t i = 0; i < keys.size(); ++i) keys[i] = i;
    for (std::uint64_t i = keys.size() - 1; i > 0; --i) std::swap(keys[i], keys[random.below(i + 1)]);
    for (std::uint64_t i = 0; i < live; ++i) sink.allocate(keyOf(keys[i]), pidOf(keys[i] / kDevices));
    for (std::uint64_t i = live; i < lifetimes; ++i) {
        std::uint64_t& oldKey = keys[random.below(live)];
        std::uint64_t& newKey = keys[live + random.below(spare)];
        sink.free(keyOf(oldKey), pidOf(oldKey / kDevices));
        std::swap(oldKey, newKey);
        sink.allocate(keyOf(oldKey), pidOf(oldKey / kDevices));
    }
}

/// One process after the other allocates buffers and dies. The next one gets half of its addresses and as many new
/// ones.
void fillDeaths(EventSink& sink, std::uint64_t lifetimes) {
    constexpr std::uint64_t kBuffers = 100;
    std::int32_t pid = kFirstPid;
    for (std::uint64_t done = 0; done < lifetimes; ++pid) {
        const std::uint64_t count = std::min(kBuffers, lifetimes - done);
        for (std::uint64_t i = 0; i < count; ++i) sink.allocate(keyOf(done / 2 + i), pid);
        sink.sweep(pid, count);
        done += count;
    }
}

void fillManyKeys(EventSink& sink, std::uint64_t lifetimes) {
    constexpr std::uint64_t kLive = 50;
    for (std::uint64_t i = 0; i < lifetimes + kLive; ++i) {
        if (i < lifetimes) sink.allocate(keyOf(i), pidOf(i / kDevices));
        if (i >= kLive) sink.free(keyOf(i - kLive), pidOf((i - kLive) / kDevices));
    }
}

void fillRefusals(EventSink& sink, std::uint64_t refusals) {
    constexpr std::uint64_t kKeys = 10;
    const auto depth = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, refusals / kKeys));
    for (std::uint64_t i = 0; i < kKeys; ++i) {
        sink.allocate(keyOf(i), pidOf(i));
        for (std::uint32_t count = 2; count <= depth; ++count) sink.alias(keyOf(i), pidOf(i), count);
        for (std::uint32_t remaining = depth - 1; remaining > 0; --remaining)
            sink.freePartly(keyOf(i), pidOf(i), remaining);
        sink.free(keyOf(i), pidOf(i));
    }
    for (std::uint64_t i = 0; i < refusals; ++i) sink.refuse(keyOf(i % kKeys), pidOf(i / kKeys));
}

void fillMesh(EventSink& sink, std::uint64_t lifetimes) {
    constexpr std::uint64_t kKeys = 4 * kDevices;
    constexpr std::uint64_t kStepsBetween = 4;
    for (std::uint64_t step = 0; step < lifetimes / kDevices; ++step) {
        const std::uint64_t first = step * kDevices % kKeys;
        for (std::uint64_t key = first; key < first + kDevices; ++key) sink.allocate(keyOf(key), kFirstPid);
        for (std::uint64_t key = first; key < first + kDevices; ++key) sink.free(keyOf(key), kFirstPid);
        if (step / (kKeys / kDevices) % kStepsBetween == 0) sink.refuse(keyOf(first), kFirstPid);
    }
}

}  // namespace

std::string_view traceShapeName(TraceShape shape) {
    switch (shape) {
    case TraceShape::Slots: return "slots";
    case TraceShape::LiveKeys: return "live-keys";
    case TraceShape::Deaths: return "deaths";
    case TraceShape::ManyKeys: return "many-keys";
    case TraceShape::Refusals: return "refusals";
    case TraceShape::Mesh: return "mesh";
    }
    return {};
}

std::shared_ptr<const Trace> makeTrace(TraceShape shape, std::uint64_t lifetimes) {
    EventSink sink(lifetimes * 2);
    switch (shape) {
    case TraceShape::Slots: fillSlots(sink, lifetimes); break;
    case TraceShape::LiveKeys: fillLiveKeys(sink, lifetimes); break;
    case TraceShape::Deaths: fillDeaths(sink, lifetimes); break;
    case TraceShape::ManyKeys: fillManyKeys(sink, lifetimes); break;
    case TraceShape::Refusals: fillRefusals(sink, lifetimes); break;
    case TraceShape::Mesh: fillMesh(sink, lifetimes); break;
    }
    return sink.finish();
}

}  // namespace alloclens::test
