// SPDX-License-Identifier: GPL-3.0-or-later
//
// Holds the running totals of circular buffers and kernels to what was added and taken away. Their lines give MB in six
// digits and nothing else, so a total is known as a range of bytes, which each printed number narrows: it fails where
// no number of bytes fits both. A sweep tells how many MB went, not on which devices. Also holds the parts of a kernel
// dump to its sums. Gets the facts of a log in order.
#pragma once

#include <map>

#include "core/ledger/live_table.h"
#include "core/ledger/printed_number.h"

namespace alloclens {

class CounterCheck {
public:
    explicit CounterCheck(CheckList& checks) : m_checks(checks) {}

    void take(const PrintedFact& fact);

private:
    struct Total {
        ByteRange bytes;
        std::int64_t sweptBefore = 0;  ///< of Totals::swept when the total was last brought up to date
    };
    struct Totals {
        std::map<std::int32_t, Total> of;  ///< by device
        std::int64_t swept = 0;            ///< bytes that sweeps may have taken from any device
    };
    struct Dump {
        std::uint64_t kernels = 0;
        std::uint64_t listed = 0;
    };
    struct DumpedDevice {
        std::int32_t device = kNoDevice;
        std::uint64_t kernels = 0;
        std::uint64_t listed = 0;
        ByteRange printed;
        ByteRange sum;
    };

    void restart();
    static void applySweeps(const Totals& totals, Total& total);
    void count(CheckKind kind, Totals& totals, const PrintedFact& fact);
    void sweep(const PrintedFact& fact);
    void beginDump(const PrintedFact& fact);
    void beginDevice(const PrintedFact& fact);
    void endDevice(std::uint32_t line);
    void endDump(std::uint32_t line);

    CheckList& m_checks;
    Totals m_circularBuffers;
    Totals m_kernels;
    ByteRange m_start = ByteRange::any();  ///< of a counter that is seen for the first time
    Dump m_dump;
    DumpedDevice m_device;
    bool m_isDump = false;
    bool m_isDevice = false;
};

}  // namespace alloclens
