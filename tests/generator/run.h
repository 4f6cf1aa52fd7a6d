// SPDX-License-Identifier: GPL-3.0-or-later
//
// One run of a server: feeds it messages and keeps the truth beside it. The server starts with the run and stops with
// `finish`.
#pragma once

#include <cstdint>

#include "line_writer.h"
#include "server_model.h"
#include "truth.h"

namespace alloclens::generator {

class Run {
public:
    // `truth` may be null; it must outlive the run.
    Run(Generation generation, int devices, const TextSink& sink, Truth* truth);

    void feed(const Message& message);
    void finish();

    [[nodiscard]] std::uint64_t lines() const { return m_writer.lines(); }

private:
    LineWriter m_writer;
    ServerModel m_server;
    Truth* m_truth;
};

}  // namespace alloclens::generator
