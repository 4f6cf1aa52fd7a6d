// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes the messages of a run as they come through the tracking server's socket: records of one size, in the order in
// which the server handled them. Timers, deaths and other programs' lines are not messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "line_writer.h"
#include "message.h"

namespace alloclens::generator {

class CaptureWriter {
public:
    // Requires: `recordSize` is 72, 112, 128, 144 or 648. `sink` gets large pieces.
    CaptureWriter(std::size_t recordSize, TextSink sink);

    // Writes a message, or nothing for an event that is not one.
    void feed(const Message& message);
    // Passes the last bytes to the sink.
    void finish();

private:
    std::size_t m_recordSize;
    TextSink m_sink;
    std::string m_bytes;
    std::uint64_t m_time;  // of the next message, in nanoseconds since 1970
};

}  // namespace alloclens::generator
