// SPDX-License-Identifier: GPL-3.0-or-later
//
// A log with one free that may be the wrong one, and a plain double free.
#pragma once

#include <QByteArray>

namespace alloclens {

// Lifetimes of about eighty events, and one address that is used three times, the last time for two events only.
inline QByteArray suspectLog() {
    QByteArray text;
    const auto add = [&text](const char* pattern, int address) {
        text += QByteArray(pattern).replace("@", QByteArray::number(address)) + '\n';
    };
    constexpr auto kAllocated = "[PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=@)";
    constexpr auto kFreed = "[PID 7] Freed buffer @ on device 0 (4096 bytes, FINAL)";
    constexpr auto kRefused = "[PID 7] Deallocation for unknown buffer @ on device 0";
    for (int i = 1; i <= 500; ++i) {
        add(kAllocated, i * 64);
        if (i > 40) add(kFreed, (i - 40) * 64);
        if (i == 100) add(kAllocated, 64);
        if (i == 140) add(kFreed, 64);
        if (i == 200) add(kAllocated, 64);
        if (i == 201) add(kFreed, 64);
        if (i == 240) add(kRefused, 64);
        if (i == 300) add(kRefused, 640);
    }
    return text;
}

}  // namespace alloclens
