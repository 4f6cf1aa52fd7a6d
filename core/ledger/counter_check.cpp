// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/counter_check.h"

#include <fmt/format.h>

namespace alloclens {

void CounterCheck::take(const PrintedFact& fact) {
    switch (fact.kind) {
    case FactKind::Banner:
    case FactKind::KernelLine: return;
    case FactKind::ServerStarted: return restart();
    case FactKind::CircularBuffer: return count(CheckKind::CircularBufferTotal, m_circularBuffers, fact);
    case FactKind::Kernel: return count(CheckKind::KernelTotal, m_kernels, fact);
    case FactKind::SweepCounters: return sweep(fact);
    case FactKind::KernelsTotal: return beginDump(fact);
    case FactKind::KernelsOfDevice: return beginDevice(fact);
    case FactKind::KernelSize:
        if (!m_isDevice) return;
        ++m_device.listed;
        m_device.sum = m_device.sum.plus(ByteRange::of(fact.amount, kBytesPerKb));
        return;
    default: return endDump(fact.line);
    }
}

void CounterCheck::restart() {
    m_circularBuffers = {};
    m_kernels = {};
    m_start = {0, 0};
}

// ✓ [CB_ALLOC] Device 0: +0.25 MB (Total: 0.5 MB)
void CounterCheck::count(CheckKind kind, Totals& totals, const PrintedFact& fact) {
    endDump(fact.line);
    Total& known = totals.of.try_emplace(fact.device, Total{m_start, totals.swept}).first->second;
    applySweeps(totals, known);
    ByteRange& total = known.bytes;
    total = total.plus(ByteRange::of(fact.amount, kBytesPerMb));
    if (fact.refCount == 0) return;  // no total is printed
    const ByteRange printed = ByteRange::of(fact.total, kBytesPerMb);
    if (total.meets(printed)) {
        m_checks.pass(kind);
        total = total.within(printed);
        return;
    }
    const std::string_view what = kind == CheckKind::KernelTotal ? "kernels" : "circular buffers";
    m_checks.fail(kind, fact.line, fmt::format("total of {} on device {}", what, deviceText(fact.device)), total.text(),
                  sixDigits(fact.total) + " MB");
    total = printed;
}

//    ✓ Removed 2 CBs (0.5 MB) from PID 7
void CounterCheck::sweep(const PrintedFact& fact) {
    Totals& totals = fact.refCount == 0 ? m_circularBuffers : m_kernels;
    const ByteRange removed = ByteRange::of(fact.amount, kBytesPerMb);
    if (totals.of.size() == 1 && m_start.isExact()) {
        Total& total = totals.of.begin()->second;
        total.bytes = total.bytes.minus(removed);
        return;
    }
    totals.swept = ByteRange{totals.swept, totals.swept}.plus(removed).highest;
}

// Any part of what sweeps took meanwhile may have been this device's.
void CounterCheck::applySweeps(const Totals& totals, Total& total) {
    total.bytes = total.bytes.minus({0, totals.swept - total.sweptBefore});
    total.sweptBefore = totals.swept;
}

void CounterCheck::beginDump(const PrintedFact& fact) {
    endDump(fact.line);
    m_isDump = true;
    m_dump = {fact.count, 0};
}

void CounterCheck::beginDevice(const PrintedFact& fact) {
    endDevice(fact.line);
    if (!m_isDump) return;
    m_isDevice = true;
    m_dump.listed += fact.count;
    m_device = {fact.device, fact.count, 0, ByteRange::of(fact.amount, kBytesPerMb), {0, 0}};
}

// Sums over rows fail at the line behind the rows: that is where one is missing.
void CounterCheck::endDevice(std::uint32_t line) {
    if (!m_isDevice) return;
    m_isDevice = false;
    const auto subject = [this](std::string_view what) {
        return fmt::format("{} of the kernels on device {}", what, deviceText(m_device.device));
    };
    const bool areAll = m_checks.equal(
        CheckKind::KernelDumpCount, line, [&] { return subject("number"); }, m_device.listed, m_device.kernels);
    if (!areAll) return;
    if (m_device.sum.meets(m_device.printed)) {
        m_checks.pass(CheckKind::KernelDumpBytes);
    } else {
        m_checks.fail(CheckKind::KernelDumpBytes, line, subject("MB"), m_device.sum.text(), m_device.printed.text());
    }
}

void CounterCheck::endDump(std::uint32_t line) {
    endDevice(line);
    if (!m_isDump) return;
    m_isDump = false;
    m_checks.equal(
        CheckKind::KernelDumpCount, line, [] { return std::string("kernels of all devices of the dump"); },
        m_dump.listed, m_dump.kernels);
}

}  // namespace alloclens
