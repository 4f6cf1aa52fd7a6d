// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the batches go that the state of the server fills: to the trace and to the echo. What the disk does not take in
// time is counted here, and becomes a gap of the trace. Belongs to the recorder's thread; neither disk nor echo ever
// holds it up before the end.
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

    /// The trace takes its name.
    [[nodiscard]] Result<void> begin() { return m_trace->begin(); }
    /// Prints what is handed on from now on, if that is asked for.
    void startEcho(const RecorderOptions& options);
    /// Hands on what there is.
    void handOn();
    /// The same if it has become much.
    void handOnIfFull();
    /// The disk is waited for from now on.
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
    native::Block::Gap m_gap;  ///< what the next batch has to tell of
    std::uint64_t m_dropped = 0;
    std::uint64_t m_unwritten = 0;  ///< as far as the trace was not offered them; all, once it is over
    bool m_isEnding = false;
    bool m_isOver = false;
};

}  // namespace alloclens::record
