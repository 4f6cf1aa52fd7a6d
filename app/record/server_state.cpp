// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/server_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/base/units.h"
#include "core/tracker/server_limits.h"
#include "importers/alloc_message/record_attributes.h"

namespace alloclens::record {
namespace {

using alloc_message::CodeMemory;
using alloc_message::Meaning;
using alloc_message::Message;
using alloc_message::MessageType;
using alloc_message::Refusal;

constexpr double kMb = 1024.0 * 1024.0;
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

/// Of a circular buffer or a kernel, which the enhanced server does not know.
bool isOfPrograms(const Message& message) {
    const auto type = static_cast<MessageType>(message.type);
    return type == MessageType::CircularBufferAllocation || type == MessageType::CircularBufferFree
           || type == MessageType::KernelLoad || type == MessageType::KernelUnload;
}

std::string unknownTypeLine(std::uint8_t type) { return fmt::format("Unknown message type: {}\n", type); }

/// What is wrong with an allocation.
std::string_view wordOf(Refusal why) {
    switch (why) {
    case Refusal::Device: return "device";
    case Refusal::Size: return "size";
    case Refusal::BufferType: return "buffer type";
    case Refusal::TooMany: return "more buffers are live than are kept";
    }
    return {};
}

/// A recording has no line of the message, so this says what it was.
std::string describeRefused(const Message& message, Refusal why) {
    switch (static_cast<MessageType>(message.type)) {
    case MessageType::Allocation:
        return fmt::format("an allocation of {} bytes of type {} on device {} by process {}: {}", message.size,
                           message.bufferType, message.device, message.pid, wordOf(why));
    case MessageType::Free: return fmt::format("a free on device {} by process {}", message.device, message.pid);
    case MessageType::CircularBufferAllocation:
    case MessageType::CircularBufferFree:
        return fmt::format("a circular buffer on device {} of process {}", message.device, message.pid);
    default: return fmt::format("a kernel on device {} of process {}", message.device, message.pid);
    }
}

}  // namespace

ServerState::ServerState(const ServerOptions& options)
    : m_options(options),
      m_rules{true, options.voice == Voice::Enhanced},
      m_books(m_rules, options.bufferTypes, kMostEntries),
      m_batch(std::make_shared<Batch>()) {}

void ServerState::take(const Message& message, const Arrival& arrival) {
    countMessage();
    if (isOfPrograms(message) && m_options.voice == Voice::Enhanced) echo(unknownTypeLine(message.type), false, true);
    const Meaning meaning = m_books.take(message, arrival.time);
    switch (meaning.kind) {
    case Meaning::Kind::Event: return takeEvent(message, meaning, arrival);
    case Meaning::Kind::Counter: return takeCounter(message, meaning);
    case Meaning::Kind::Nothing: return add(factOf(message, meaning));
    case Meaning::Kind::Refused:
        return complain(factOf(message, meaning), complaintOf(message, meaning.refusal),
                        describeRefused(message, meaning.refusal));
    case Meaning::Kind::Other: break;
    }
    Meaning refused;
    refused.kind = Meaning::Kind::Refused;
    complain(factOf(message, refused), unknownTypeLine(message.type),
             fmt::format("a message of type {} from process {}", message.type, arrival.sender));
}

/// What the server prints of a message that it refuses; nothing for some.
std::string ServerState::complaintOf(const Message& message, Refusal why) const {
    if (static_cast<MessageType>(message.type) != MessageType::Allocation) return {};
    switch (why) {
    case Refusal::Device: return fmt::format("⚠️  Invalid device_id {} - ignoring message\n", message.device);
    case Refusal::Size: return fmt::format("⚠️  Invalid size {} - ignoring message\n", message.size);
    case Refusal::BufferType:
        if (m_options.voice == Voice::Enhanced) {
            return fmt::format("⚠ [PID {}] Invalid buffer_type {}\n", message.pid, message.bufferType);
        }
        return fmt::format("⚠️  Invalid buffer_type {} for buffer {} on device {}\n", message.bufferType,
                           message.bufferId, message.device);
    case Refusal::TooMany: break;
    }
    return {};
}

void ServerState::takeEvent(const Message& message, const Meaning& meaning, const Arrival& arrival) {
    if (meaning.verdict.kind == EventKind::RefusedFree) ++m_counts.refusedFrees;
    if (m_options.echoes && m_options.voice == Voice::Enhanced) remember(message, meaning);
    TracePart::Event event = eventOf(message, meaning);
    event.time = arrival.time;
    event.sender = arrival.sender;
    native::Block& block = m_batch->block;
    event.line = ++block.lines;
    block.events.push_back(event);
    ++block.lineCounts.events;
    ++m_counts.events;
}

// The enhanced server's own lines, and the histories that they come from.
void ServerState::remember(const Message& message, const Meaning& meaning) {
    const AddressKey key = keyOf(message);
    const Tracker::Verdict& verdict = meaning.verdict;
    if (verdict.kind == EventKind::Allocation) {
        const bool isReuse = verdict.refCount > 0;
        if (isReuse && verdict.heldBefore != message.size) {
            echo(sizeChangedLine(message.pid, key, verdict.heldBefore, message.size));
        }
        m_histories.remember(key, {isReuse ? PastEvent::Kind::Reuse : PastEvent::Kind::Allocation, message.size,
                                   message.pid, isReuse ? verdict.refCount : 1});
        return;
    }
    const bool isRefused = verdict.kind == EventKind::RefusedFree;
    const History* const known = m_histories.find(key);
    if (isRefused && known != nullptr) echo(alreadyFreedText(message.pid, key, *known), true);
    m_histories.remember(key, {PastEvent::Kind::Free, isRefused ? 0 : verdict.size, message.pid, verdict.refCount});
}

void ServerState::takeCounter(const Message& message, const Meaning& meaning) {
    PrintedFact counter = factOf(message, meaning);
    counter.refCount = 1;  // the total is printed
    counter.address = message.bufferId;
    add(counter);
    if (m_options.voice != Voice::Poc) return;
    echo(meaning.isKernel ? kernelLine(meaning.isGain, meaning.kernelType, message.device, message.size, meaning.total)
                          : circularBufferLine(meaning.isGain, message.device, message.size, meaning.total));
}

void ServerState::sweep(std::int32_t pid, std::int64_t time) {
    if (!isOwner(pid)) return;
    ++m_counts.sweeps;
    const Tracker::Removed buffers = m_books.tracker().sweep(pid);
    const CodeMemory::Removed others = m_books.code().sweep(pid);
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
    if (!isServersDevice(device)) return use;
    if (const auto at = m_books.tracker().totals().find(device); at != m_books.tracker().totals().end()) {
        const auto of = [&bytes = at->second.bytes](Memory memory) { return bytes[static_cast<std::size_t>(memory)]; };
        use.dram = of(Memory::Dram);
        use.l1 = of(Memory::L1);
        use.l1Small = of(Memory::L1Small) + of(Memory::SystemMemory);
        use.trace = of(Memory::Trace);
    }
    const CodeMemory::Sums code = m_books.code().sums(device);
    use.circularBuffers = code.circularBuffers;
    use.kernels = code.kernels;
    return use;
}

void ServerState::dumpRemaining() {
    add(fact(FactKind::RemainingBegin, kNoDevice, kNoPid));
    PrintedFact total = fact(FactKind::RemainingTotal, kNoDevice, kNoPid);
    total.count = m_books.tracker().size();
    add(total);
    // With nothing left the enhanced server's report goes through all histories.
    if (!mayReport(std::max(m_books.tracker().size(), m_histories.all().size()))) return;
    if (m_options.voice == Voice::Enhanced) {
        echo(remainingText(m_books.tracker(), &m_histories));
    } else {
        echo(std::string(kRemainingReceived) + remainingText(m_books.tracker(), nullptr)
             + std::string(kRemainingComplete));
    }
}

void ServerState::dumpKernels(std::int64_t now) {
    add(fact(FactKind::KernelsBegin, kNoDevice, kNoPid));
    if (m_options.voice == Voice::Enhanced) {
        echo(unknownTypeLine(static_cast<std::uint8_t>(MessageType::DumpKernels)), false, true);
        return;
    }
    if (!mayReport(m_books.code().kernelCount())) return;
    auto report = std::make_shared<KernelReport>(KernelReport{m_books.code().kernels(), now});
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
    if (m_options.echoes) echo(statisticsText(m_options.voice, m_books.tracker()));
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

void ServerState::complain(const PrintedFact& fact, const std::string& complaint, std::string detail) {
    ++m_counts.invalid;
    add(fact);
    diagnose(DiagnosticCode::InvalidMessage, std::move(detail));
    if (!complaint.empty()) echo(complaint, false, true);
}

std::map<std::int32_t, std::uint64_t> ServerState::liveBytes() const {
    std::map<std::int32_t, std::uint64_t> live;
    for (const auto& [device, totals] : m_books.tracker().totals()) {
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
