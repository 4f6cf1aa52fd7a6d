// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/outlet.h"

#include <algorithm>
#include <utility>

namespace alloclens::record {
namespace {

/// A batch is handed on once it has so many lines, or so many bytes of other text, names and stacks.
constexpr std::uint32_t kBatchLines = std::uint32_t{1} << 16;
constexpr std::size_t kBatchText = std::size_t{4} << 20;

}  // namespace

Outlet::Outlet(ServerState& server, const ArrivalClock& clock, std::unique_ptr<TraceOutput> trace)
    : m_server(server), m_clock(clock), m_trace(std::move(trace)) {}

void Outlet::startEcho(const RecorderOptions& options) {
    if (options.echo < 0) return;
    m_echo = std::make_unique<EchoOutput>(options.echo, options.complaints, options.voice, options.echoQueueBytes);
}

void Outlet::handOnIfFull() {
    const Batch& batch = m_server.batch();
    if (batch.block.lines >= kBatchLines || batch.echoBytes + batch.block.attributeTables.bytes() >= kBatchText)
        handOn();
}

void Outlet::handOn() {
    if (m_server.batch().isEmpty() && !(m_isEnding && m_gap.messages > 0)) return;
    const std::shared_ptr<Batch> batch = m_server.takeBatch();
    if (m_gap.messages > 0) batch->block.gaps.push_back(m_gap);
    const bool isTaken = m_isEnding ? m_trace->put(batch) : m_trace->offer(batch);
    if (isTaken) {
        m_gap = {};
    } else if (m_trace->hasFailed()) {
        m_unwritten += batch->messages;
    } else {
        if (m_gap.messages == 0) m_gap = {m_clock.last(), 0, "the disk was too slow"};
        m_gap.messages += batch->messages;
        m_dropped += batch->messages;
    }
    if (m_echo) m_echo->offer(batch);
}

void Outlet::finishEcho() {
    if (m_echo) m_echo->finish();
}

Result<void> Outlet::finishTrace(std::uint64_t messages, const std::optional<Error>& failure,
                                 const std::function<std::string(const std::string& early)>& note) {
    std::optional<Error> error = m_trace->close();
    if (!error) error = failure;
    m_isOver = true;
    // A batch that was not even handed on is not in the sums.
    const std::uint64_t kept = m_trace->writtenMessages() + m_dropped;
    m_unwritten = messages - std::min(messages, kept);
    const std::string early = error ? error->what : std::string();
    native::Block last;
    if (m_gap.messages > 0) last.gaps.push_back(m_gap);
    if (m_unwritten > 0) {
        last.gaps.push_back({m_clock.last(), m_unwritten, early});
    } else if (error) {
        last.diagnostics.add({DiagnosticCode::RecordingGap, 0, early});
    }
    auto done = m_trace->finish(last, note(early));
    return error ? Result<void>(std::move(*error)) : std::move(done);
}

void Outlet::tell(Figures& figures) const {
    figures.dropped = m_dropped;
    figures.unwritten = m_isOver ? m_unwritten : m_unwritten + m_trace->lostMessages();
    figures.bytes = m_trace->bytes();
    figures.parts = m_trace->parts();
    figures.notEchoed = m_echo ? m_echo->lost() : 0;
}

}  // namespace alloclens::record
