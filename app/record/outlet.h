// SPDX-License-Identifier: GPL-3.0-or-later
//
// Passes batches from the server's state to the trace and the echo. Counts what a slow disk does not take; it becomes a
// gap of the trace. Used by the recorder's thread. Neither disk nor echo blocks that thread before the end.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/record/echo_output.h"
#include "app/record/poller.h"
#include "app/record/recorder.h"
#include "app/record/server_state.h"
#include "app/record/trace_output.h"

namespace alloclens::record {

class Outlet {
public:
    Outlet(ServerState& server, const ArrivalClock& clock, std::unique_ptr<TraceOutput> trace);

    /// Gives the trace its name. Errors: as PartFile::takeName.
    [[nodiscard]] Result<void> begin() { return m_trace->begin(); }
    /// Starts the echo if `options` ask for one.
    void startEcho(const RecorderOptions& options);
    /// Hands on the current batch.
    void handOn();
    /// Hands on the current batch if it is large.
    void handOnIfFull();
    /// From now on waits for the disk instead of dropping batches.
    void beginEnd() { m_isEnding = true; }
    void finishEcho();
    /// Completes the trace. Its last block says how many of all `messages` are missing. `note` makes its end note from
    /// the reason for an early end, which is empty after a normal one. `failure` is an error outside of the trace.
    /// Returns the first error of the whole recording.
    [[nodiscard]] Result<void> finishTrace(std::uint64_t messages, const std::optional<Error>& failure,
                                           const std::function<std::string(const std::string& early)>& note);

    [[nodiscard]] bool hasFailed() const { return m_trace->hasFailed(); }
    void tell(Figures& figures) const;

private:
    ServerState& m_server;
    const ArrivalClock& m_clock;
    std::unique_ptr<TraceOutput> m_trace;
    std::unique_ptr<EchoOutput> m_echo;
    native::Block::Gap m_gap;  ///< gap that the next batch reports
    std::uint64_t m_dropped = 0;
    std::uint64_t m_unwritten = 0;  ///< not offered to the trace; at the end all that are not in it
    bool m_isEnding = false;
    bool m_isOver = false;
};

}  // namespace alloclens::record
