// SPDX-License-Identifier: GPL-3.0-or-later
#include "load_plan.h"

#include <algorithm>
#include <utility>

namespace alloclens::load {
namespace {

constexpr std::uint64_t kAddressesOfProcess = std::uint64_t{1} << 36;
constexpr std::uint64_t kStep = 1024;
constexpr std::size_t kMostFreed = 4096;
/// Above all addresses that are ever allocated.
constexpr std::uint64_t kUnknownAddresses = kAddressesOfProcess / 2;

}  // namespace

Plan::Plan(const PlanOptions& options)
    : m_options(options), m_random(options.seed * 1000003 + options.process), m_nextAddress(kStep) {}

bool Plan::happens(double share) {
    constexpr double kSteps = 1U << 20;
    return static_cast<double>(below(1U << 20)) < share * kSteps;
}

bool Plan::next(WireMessage& message) {
    const bool isOver = m_sent >= m_options.messages;
    if (isOver && (m_options.exitsWithoutFreeing || m_live.size() <= m_options.leaks)) {
        m_truth.liveAtEnd = m_live.size();
        return false;
    }
    ++m_sent;
    if (isOver) {
        message = release(m_live.size() - 1);
    } else if (!m_free.empty() && happens(m_options.doubleFrees)) {
        message = refusedFree(m_free[below(m_free.size())], m_truth.doubleFrees);
    } else if (happens(m_options.unknownFrees)) {
        Buffer never;
        never.device = static_cast<std::int32_t>(below(m_options.devices));
        // Frees each only once; a second free would be unknown too, but this is simpler.
        never.address = m_options.process * kAddressesOfProcess + kUnknownAddresses + m_sent * kStep;
        message = refusedFree(never, m_truth.unknownFrees);
    } else if (!m_live.empty() && happens(m_options.reallocations)) {
        message = allocateAgain();
    } else if (m_live.empty() || below(2 * m_options.live) >= m_live.size()) {
        message = allocate();
    } else {
        message = release(below(m_live.size()));
    }
    return true;
}

Plan::Buffer Plan::newBuffer() {
    Buffer buffer;
    const bool isReused = !m_free.empty() && happens(0.7);
    if (isReused) {
        const std::size_t at = below(m_free.size());
        buffer = m_free[at];
        m_free[at] = m_free.back();
        m_free.pop_back();
    } else {
        buffer.device = static_cast<std::int32_t>(below(m_options.devices));
        buffer.address = m_options.process * kAddressesOfProcess + m_nextAddress;
        m_nextAddress += kStep;
    }
    buffer.size = kStep * (1 + below(64));
    buffer.type = static_cast<std::uint8_t>(below(m_options.isPython ? 4 : 5));
    buffer.references = 1;
    return buffer;
}

WireMessage Plan::allocate() {
    ++m_truth.allocations;
    m_live.push_back(newBuffer());
    const Buffer& buffer = m_live.back();
    return {Type::Allocation, buffer.type, buffer.device, 0, buffer.size, buffer.address, 0};
}

WireMessage Plan::allocateAgain() {
    ++m_truth.allocations;
    ++m_truth.aliasedAllocations;
    Buffer& buffer = m_live[below(m_live.size())];
    ++buffer.references;
    return {Type::Allocation, buffer.type, buffer.device, 0, buffer.size, buffer.address, 0};
}

WireMessage Plan::release(std::size_t at) {
    Buffer& buffer = m_live[at];
    const WireMessage message{Type::Free, 0, buffer.device, 0, 0, buffer.address, 0};
    if (--buffer.references > 0) {
        ++m_truth.partialFrees;
        return message;
    }
    ++m_truth.finalFrees;
    if (m_free.size() < kMostFreed) m_free.push_back(buffer);
    m_live[at] = m_live.back();
    m_live.pop_back();
    return message;
}

WireMessage Plan::refusedFree(const Buffer& buffer, std::uint64_t& count) {
    ++count;
    ++m_truth.refusedFrees;
    return {Type::Free, 0, buffer.device, 0, 0, buffer.address, 0};
}

}  // namespace alloclens::load
