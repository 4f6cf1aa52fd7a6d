// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes the messages of a run as they would have come through the tracking server's socket: records of one size, in
// the order in which the server handled them. What happens around the server (its timers, deaths, other programs'
// lines) sends nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "line_writer.h"
#include "message.h"

namespace alloclens::generator {

class CaptureWriter {
public:
    // `recordSize` is 72, 112, 128, 144 or 648. Bytes go to `sink` in large pieces.
    CaptureWriter(std::size_t recordSize, TextSink sink);

    void feed(const Message& message);
    void finish();

private:
    std::size_t m_recordSize;
    TextSink m_sink;
    std::string m_bytes;
    std::uint64_t m_time;  // of the next message, in nanoseconds since 1970
};

}  // namespace alloclens::generator
