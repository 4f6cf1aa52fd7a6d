// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture_writer.h"

#include <algorithm>
#include <utility>

#include "random.h"

namespace alloclens::generator {

namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20U;
constexpr std::uint64_t kFirstTime = 1'772'142'970'000'000'000;  // 2026-02-26
constexpr std::uint64_t kTimeStep = 1'733;
constexpr std::size_t kLargestRecord = 648;

// The type on the wire; 0 for what is not a message.
int typeOf(MessageKind kind) {
    switch (kind) {
    case MessageKind::Allocate: return 1;
    case MessageKind::Free: return 2;
    case MessageKind::DumpRemaining: return 5;
    case MessageKind::CircularAllocate: return 8;
    case MessageKind::CircularFree: return 9;
    case MessageKind::KernelLoad: return 10;
    case MessageKind::KernelUnload: return 11;
    case MessageKind::DumpKernels: return 12;
    case MessageKind::StatisticsTick:
    case MessageKind::CleanupTick:
    case MessageKind::ProcessDied:
    case MessageKind::ForeignLine: break;
    }
    return 0;
}

bool bearsTime(MessageKind kind) {
    return kind == MessageKind::Allocate || kind == MessageKind::CircularAllocate || kind == MessageKind::KernelLoad;
}

void put(std::string& bytes, std::size_t at, std::uint64_t value, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        bytes[at + i] = static_cast<char>(value >> 8U * i & 0xffU);
    }
}

void putText(std::string& bytes, std::size_t at, std::size_t room, std::string text) {
    text.resize(std::min(text.size(), room - 1));
    bytes.replace(at, text.size(), text);
}

// What a program of its kind would say: allocations are named after what they hold, and each process frees in one place
// of its code and once in a while in another.
void putTexts(std::string& bytes, std::size_t at, const Message& message) {
    constexpr std::size_t kName = 72;
    constexpr std::size_t kStack = 136;
    constexpr std::uint64_t kLayers = 24;
    const std::uint64_t layer = Random::mix(message.address) % kLayers;
    const bool isAllocation = message.kind == MessageKind::Allocate;
    if (!isAllocation && message.kind != MessageKind::Free) {
        return;
    }
    if (isAllocation) {
        putText(bytes, at + kName, kStack - kName, "layers." + std::to_string(layer) + ".weight");
    }
    const std::string what = isAllocation ? "allocate_buffer" : layer % 5 == 0 ? "~Buffer" : "deallocate_buffer";
    putText(bytes, at + kStack, kLargestRecord - kStack,
            "/opt/tt/lib/libtt_metal.so(" + what + "+0x1f) [0x7f12a0001234]\n/opt/tt/lib/_ttnn.so(+0x"
                + std::to_string(layer)
                + "2c) [0x7f12a0101234]\n#2 run_layer() at model.cpp:" + std::to_string(100 + layer)
                + "\n#3 main at main.cpp:" + std::to_string(10 + message.process % 7) + '\n');
}

}  // namespace

CaptureWriter::CaptureWriter(std::size_t recordSize, TextSink sink)
    : m_recordSize(recordSize), m_sink(std::move(sink)), m_time(kFirstTime) {}

void CaptureWriter::feed(const Message& message) {
    const int type = typeOf(message.kind);
    if (type == 0) {
        return;
    }
    const std::size_t at = m_bytes.size();
    m_bytes.resize(at + m_recordSize, '\0');
    m_time += kTimeStep;
    put(m_bytes, at, static_cast<std::uint64_t>(type), 1);
    put(m_bytes, at + 4, static_cast<std::uint64_t>(message.device), 4);
    put(m_bytes, at + 8, message.size, 8);
    put(m_bytes, at + 16, message.type, 1);
    put(m_bytes, at + 20, static_cast<std::uint64_t>(message.process), 4);
    put(m_bytes, at + 24, message.address, 8);
    put(m_bytes, at + 32, bearsTime(message.kind) ? m_time : 0, 8);
    if (m_recordSize == kLargestRecord) {
        putTexts(m_bytes, at, message);
    }
    if (m_bytes.size() >= kPieceBytes) {
        finish();
    }
}

void CaptureWriter::finish() {
    m_sink(m_bytes);
    m_bytes.clear();
}

}  // namespace alloclens::generator
