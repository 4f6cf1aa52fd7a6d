// SPDX-License-Identifier: GPL-3.0-or-later
//
// One run of a server: feeds it messages and records the truth. The server starts in the constructor and stops in
// finish(). Used by one thread.
#pragma once

#include <cstdint>

#include "line_writer.h"
#include "server_model.h"
#include "truth.h"

namespace alloclens::generator {

class Run {
public:
    // `sink` receives the log. `truth` may be null; otherwise it must outlive the run.
    Run(Generation generation, int devices, const TextSink& sink, Truth* truth);

    void feed(const Message& message);
    // Stops the server and completes the truth. Call it once, at the end.
    void finish();

    [[nodiscard]] std::uint64_t lines() const { return m_writer.lines(); }

private:
    LineWriter m_writer;
    ServerModel m_server;
    Truth* m_truth;
};

}  // namespace alloclens::generator
