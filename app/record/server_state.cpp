// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/server_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/base/units.h"
#include "importers/alloc_message/record_attributes.h"

namespace alloclens::record {
namespace {

using alloc_message::Message;
using alloc_message::MessageType;

constexpr double kMb = 1024.0 * 1024.0;
/// What the server takes for nonsense.
constexpr std::uint64_t kLargestSize = std::uint64_t{100} << 30;
constexpr std::uint8_t kLastBufferType = 4;
/// Beyond that, clients that never free would take all of the machine's memory.
constexpr std::size_t kMostEntries = std::size_t{1} << 25;

constexpr std::size_t kUsualEvents = std::size_t{1} << 12;

AddressKey keyOf(const Message& message) { return {message.device, message.bufferId}; }

PrintedFact fact(FactKind kind, std::int32_t device, std::int32_t pid) {
    PrintedFact result;
    result.kind = kind;
    result.device = device;
    result.pid = pid;
    return result;
}

}  // namespace

ServerState::ServerState(const ServerOptions& options)
    : m_options(options),
      m_rules{true, options.voice == Voice::Enhanced},
      m_tracker(m_rules),
      m_batch(std::make_shared<Batch>()) {}

void ServerState::take(const Message& message, const Arrival& arrival) {
    countMessage();
    switch (static_cast<MessageType>(message.type)) {
    case MessageType::Allocation: allocate(message, arrival); return;
    case MessageType::Free: release(message, arrival); return;
    case MessageType::CircularBufferAllocation:
    case MessageType::CircularBufferFree: countCircularBuffer(message); return;
    case MessageType::KernelLoad:
    case MessageType::KernelUnload: countKernel(message, arrival); return;
    default: break;
    }
    complain(fmt::format("Unknown message type: {}\n", message.type),
             fmt::format("a message of type {} from process {}", message.type, arrival.sender));
}

bool ServerState::isValidDevice(const Message& message) { return message.device >= 0 && message.device < kMostDevices; }

bool ServerState::isValidAllocation(const Message& message) {
    const auto detail = [&message](std::string_view what) {
        return fmt::format("an allocation of {} bytes of type {} on device {} by process {}: {}", message.size,
                           message.bufferType, message.device, message.pid, what);
    };
    if (!isValidDevice(message)) {
        complain(fmt::format("⚠️  Invalid device_id {} - ignoring message\n", message.device), detail("device"));
        return false;
    }
    if (message.size == 0 || message.size > kLargestSize) {
        complain(fmt::format("⚠️  Invalid size {} - ignoring message\n", message.size), detail("size"));
        return false;
    }
    if (message.bufferType > kLastBufferType) {
        complain(m_options.voice == Voice::Enhanced
                     ? fmt::format("⚠ [PID {}] Invalid buffer_type {}\n", message.pid, message.bufferType)
                     : fmt::format("⚠️  Invalid buffer_type {} for buffer {} on device {}\n", message.bufferType,
                                   message.bufferId, message.device),
                 detail("buffer type"));
        return false;
    }
    if (m_tracker.size() >= kMostEntries && !m_tracker.holds(keyOf(message))) {
        complain({}, detail("more buffers are live than are kept"));
        return false;
    }
    return true;
}

void ServerState::allocate(const Message& message, const Arrival& arrival) {
    if (!isValidAllocation(message)) return;
    using alloc_message::BufferTypes;
    auto memory = alloc_message::memoryOf(message.bufferType, m_options.bufferTypes);
    if (!memory) memory = alloc_message::memoryOf(message.bufferType, BufferTypes::Cpp);
    const AddressKey key = keyOf(message);
    Tracker::Verdict verdict = m_tracker.allocate(key, message.size, *memory, message.pid);
    verdict.held = *memory;  // the line names what was sent
    if (m_options.echoes && m_options.voice == Voice::Enhanced) {
        const bool isReuse = verdict.refCount > 0;
        if (isReuse && verdict.heldBefore != message.size) {
            echo(sizeChangedLine(message.pid, key, verdict.heldBefore, message.size));
        }
        m_histories.remember(key, {isReuse ? PastEvent::Kind::Reuse : PastEvent::Kind::Allocation, message.size,
                                   message.pid, isReuse ? verdict.refCount : 1});
    }
    add(verdict, key, arrival);
}

void ServerState::release(const Message& message, const Arrival& arrival) {
    const AddressKey key = keyOf(message);
    if (key.device == kNoDevice) {
        complain({}, fmt::format("a free on device {} by process {}", message.device, message.pid));
        return;
    }
    Tracker::Verdict verdict = m_tracker.release(key, message.pid);
    const bool isRefused = verdict.kind == EventKind::RefusedFree;
    verdict.held = Memory::Unknown;  // frees name no memory
    if (isRefused) ++m_counts.refusedFrees;
    if (m_options.echoes && m_options.voice == Voice::Enhanced) {
        const History* const known = m_histories.find(key);
        if (isRefused && known != nullptr) echo(alreadyFreedText(message.pid, key, *known), true);
        m_histories.remember(key, {PastEvent::Kind::Free, isRefused ? 0 : verdict.size, message.pid, verdict.refCount});
    }
    add(verdict, key, arrival);
}

void ServerState::countCircularBuffer(const Message& message) {
    if (m_options.voice == Voice::Enhanced) echo(fmt::format("Unknown message type: {}\n", message.type), false, true);
    if (!isValidDevice(message)) {
        complain({}, fmt::format("a circular buffer on device {} of process {}", message.device, message.pid));
        return;
    }
    const bool isGain = message.type == static_cast<std::uint8_t>(MessageType::CircularBufferAllocation);
    if (isGain) {
        m_code.allocate(keyOf(message), message.size, message.pid);
    } else {
        m_code.release(keyOf(message), message.size);
    }
    const std::uint64_t total = m_code.sums(message.device).circularBuffers;
    PrintedFact counter = fact(FactKind::CircularBuffer, message.device, message.pid);
    counter.amount = (isGain ? 1 : -1) * static_cast<double>(message.size) / kMb;
    counter.total = static_cast<double>(total) / kMb;
    counter.refCount = 1;
    counter.address = message.bufferId;
    add(counter);
    if (m_options.voice == Voice::Poc) echo(circularBufferLine(isGain, message.device, message.size, total));
}

void ServerState::countKernel(const Message& message, const Arrival& arrival) {
    if (m_options.voice == Voice::Enhanced) echo(fmt::format("Unknown message type: {}\n", message.type), false, true);
    if (!isValidDevice(message)) {
        complain({}, fmt::format("a kernel on device {} of process {}", message.device, message.pid));
        return;
    }
    const bool isGain = message.type == static_cast<std::uint8_t>(MessageType::KernelLoad);
    std::uint8_t type = message.bufferType;
    if (isGain) {
        m_code.load(keyOf(message), {message.size, message.pid, type, arrival.time});
    } else if (const auto known = m_code.unload(keyOf(message), message.size)) {
        type = *known;
    } else {
        complain({}, fmt::format("a kernel was unloaded from device {} by process {} that had not been loaded",
                                 message.device, message.pid));
        return;
    }
    const std::uint64_t total = m_code.sums(message.device).kernels;
    PrintedFact counter = fact(FactKind::Kernel, message.device, message.pid);
    counter.amount = (isGain ? 1 : -1) * static_cast<double>(message.size) / kMb;
    counter.total = static_cast<double>(total) / kMb;
    counter.refCount = 1;
    counter.address = message.bufferId;
    add(counter);
    if (m_options.voice == Voice::Poc) echo(kernelLine(isGain, type, message.device, message.size, total));
}

void ServerState::sweep(std::int32_t pid, std::int64_t time) {
    if (!isOwner(pid)) return;
    ++m_counts.sweeps;
    const Tracker::Removed buffers = m_tracker.sweep(pid);
    const CodeMemory::Removed others = m_code.sweep(pid);
    add(fact(FactKind::SweepAnnounced, kNoDevice, pid));
    echo(sweepText(pid, buffers, others), true);
    TracePart::Event event;
    event.kind = EventKind::Sweep;
    event.hasKey = false;
    event.pid = pid;
    event.size = buffers.entries;
    event.time = time;
    event.line = m_batch->block.lines + 1;
    m_batch->block.events.push_back(event);
    ++m_batch->block.lines;
    ++m_batch->block.lineCounts.facts;  // as in the server's log, where the line is one of its own
    ++m_counts.events;
    PrintedFact removed = fact(FactKind::SweepRemoved, kNoDevice, pid);
    removed.line = event.line;
    removed.count = buffers.entries;
    removed.amount = static_cast<double>(buffers.bytes) / kMb;
    m_batch->block.facts.push_back(removed);
    for (const auto& [count, bytes, isKernels] : {std::tuple{others.circularBuffers, others.circularBufferBytes, 0U},
                                                  std::tuple{others.kernels, others.kernelBytes, 1U}}) {
        if (count == 0) continue;
        PrintedFact counters = fact(FactKind::SweepCounters, kNoDevice, pid);
        counters.refCount = isKernels;
        counters.count = count;
        counters.amount = static_cast<double>(bytes) / kMb;
        add(counters);
    }
}

DeviceUse ServerState::use(std::int32_t device) const {
    DeviceUse use;
    if (device < 0 || device >= kMostDevices) return use;
    if (const auto at = m_tracker.totals().find(device); at != m_tracker.totals().end()) {
        const auto of = [&bytes = at->second.bytes](Memory memory) { return bytes[static_cast<std::size_t>(memory)]; };
        use.dram = of(Memory::Dram);
        use.l1 = of(Memory::L1);
        use.l1Small = of(Memory::L1Small) + of(Memory::SystemMemory);
        use.trace = of(Memory::Trace);
    }
    const CodeMemory::Sums code = m_code.sums(device);
    use.circularBuffers = code.circularBuffers;
    use.kernels = code.kernels;
    return use;
}

void ServerState::dumpRemaining() {
    add(fact(FactKind::RemainingBegin, kNoDevice, kNoPid));
    PrintedFact total = fact(FactKind::RemainingTotal, kNoDevice, kNoPid);
    total.count = m_tracker.size();
    add(total);
    // With nothing left the enhanced server's report goes through all histories.
    if (!mayReport(std::max(m_tracker.size(), m_histories.all().size()))) return;
    if (m_options.voice == Voice::Enhanced) {
        echo(remainingText(m_tracker, &m_histories));
    } else {
        echo(std::string(kRemainingReceived) + remainingText(m_tracker, nullptr) + std::string(kRemainingComplete));
    }
}

void ServerState::dumpKernels(std::int64_t now) {
    add(fact(FactKind::KernelsBegin, kNoDevice, kNoPid));
    if (m_options.voice == Voice::Enhanced) {
        echo(fmt::format("Unknown message type: {}\n", static_cast<int>(MessageType::DumpKernels)), false, true);
        return;
    }
    if (!mayReport(m_code.kernelCount())) return;
    auto report = std::make_shared<KernelReport>(KernelReport{m_code.kernels(), now});
    m_batch->echoBytes += report->kernels.size() * sizeof report->kernels[0];
    echo({});
    m_batch->echo.back().kernels = std::move(report);
}

// A report looks at all that is held, and all clients wait meanwhile. One that is too large for what is left of a
// second's rows is still printed, and later ones have to wait until that is made up for.
bool ServerState::mayReport(std::size_t rows) {
    if (!m_options.echoes) return false;
    if (m_reportRowsLeft <= 0) {
        ++m_counts.reportsLeftOut;
        return false;
    }
    constexpr std::size_t kLeastRows = 64;
    m_counts.reportRows += rows;
    m_reportRowsLeft -= static_cast<std::int64_t>(std::max(rows, kLeastRows));
    return true;
}

void ServerState::allowReports() {
    m_reportRowsLeft = std::min(m_reportRowsLeft + kReportRowsASecond, kReportRowsASecond);
}

void ServerState::announceStart(const std::string& socketPath, const DeviceList& devices) {
    if (m_options.echoes) echo(startText(m_options.voice, socketPath, devices));
}

void ServerState::printStatistics() {
    if (m_options.echoes) echo(statisticsText(m_options.voice, m_tracker));
}

void ServerState::announceStop() {
    if (!m_options.echoes) return;
    std::string text = stopText(m_options.voice);
    if (m_options.voice == Voice::Enhanced) text += doubleFreedText(m_histories);
    echo(std::move(text));
}

void ServerState::diagnose(DiagnosticCode code, std::string detail) {
    m_batch->block.diagnostics.add({code, m_batch->block.lines, std::move(detail)});
}

void ServerState::complain(const std::string& complaint, const std::string& detail) {
    ++m_counts.invalid;
    add(fact(FactKind::InvalidMessage, kNoDevice, kNoPid));
    diagnose(DiagnosticCode::NumberOutOfRange, detail);
    if (!complaint.empty()) echo(complaint, false, true);
}

std::map<std::int32_t, std::uint64_t> ServerState::liveBytes() const {
    std::map<std::int32_t, std::uint64_t> live;
    for (const auto& [device, totals] : m_tracker.totals()) {
        std::uint64_t sum = 0;
        for (const std::uint64_t bytes : totals.bytes) sum += bytes;
        live.emplace(device, sum);
    }
    return live;
}

std::shared_ptr<Batch> ServerState::takeBatch() {
    auto next = std::make_shared<Batch>();
    next->block.events.reserve(std::max(kUsualEvents, m_batch->block.events.size()));
    return std::exchange(m_batch, std::move(next));
}

void ServerState::add(const Tracker::Verdict& verdict, const AddressKey& key, const Arrival& arrival) {
    native::Block& block = m_batch->block;
    TracePart::Event& event = block.events.emplace_back();
    ++m_counts.events;
    ++block.lineCounts.events;
    event.kind = verdict.kind;
    event.memory = verdict.held;
    event.key = key;
    event.pid = verdict.pid;
    event.size = verdict.size;
    event.refCount = verdict.refCount;
    event.line = ++block.lines;
    event.time = arrival.time;
    event.sender = arrival.sender;
}

void ServerState::describeLast(const char* record, std::size_t size) {
    native::Block& block = m_batch->block;
    block.events.back().attributes = alloc_message::attributesIn(record, size, block.attributeTables);
}

void ServerState::add(PrintedFact fact) {
    native::Block& block = m_batch->block;
    fact.line = block.lines + 1;
    block.facts.push_back(fact);
    ++block.lines;
    ++block.lineCounts.facts;
}

void ServerState::echo(std::string text, bool replacesEvent, bool isComplaint) {
    if (!m_options.echoes) return;
    m_batch->echoBytes += text.size();
    m_batch->echo.push_back({m_batch->block.events.size(), replacesEvent, isComplaint, std::move(text), nullptr});
}

}  // namespace alloclens::record
