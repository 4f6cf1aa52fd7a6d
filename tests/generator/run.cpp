// SPDX-License-Identifier: GPL-3.0-or-later
#include "run.h"

namespace alloclens::generator {

namespace {

// The name under which the truth counts a message other than an allocation or a free; empty if it does not.
std::string_view countedAs(const Message& message, const Reply& reply) {
    switch (message.kind) {
    case MessageKind::CircularAllocate: return "cbAllocs";
    case MessageKind::CircularFree: return "cbFrees";
    case MessageKind::KernelLoad: return "kernelLoads";
    case MessageKind::KernelUnload: return reply.line != 0 ? "kernelUnloads" : "kernelUnloadsSilent";
    case MessageKind::DumpRemaining: return "dumps";
    case MessageKind::DumpKernels: return "kernelDumps";
    case MessageKind::StatisticsTick: return "statisticsBlocks";
    case MessageKind::ForeignLine: return "noiseLines";
    case MessageKind::ProcessDied: return "deaths";
    case MessageKind::Allocate:
    case MessageKind::Free:
    case MessageKind::CleanupTick: break;
    }
    return {};
}

}  // namespace

Run::Run(Generation generation, int devices, const TextSink& sink, Truth* truth)
    : m_writer(sink), m_server(generation, devices, m_writer), m_truth(truth) {
    m_server.start();
}

void Run::feed(const Message& message) {
    const Reply reply = m_server.handle(message);
    if (m_truth == nullptr) {
        return;
    }
    for (const Sweep& sweep : reply.sweeps) {
        m_truth->swept(sweep.process, sweep.line);
    }
    if (reply.rejected) {
        m_truth->noted("rejected");
    } else if (message.kind == MessageKind::Allocate) {
        m_truth->allocated(message, reply.line);
    } else if (message.kind == MessageKind::Free) {
        m_truth->freed(message, reply.line);
    } else if (const std::string_view what = countedAs(message, reply); !what.empty()) {
        m_truth->noted(what);
    }
}

void Run::finish() {
    m_server.stop();
    m_writer.flush();
    if (m_truth != nullptr) {
        m_truth->noted("statisticsBlocks");
        m_truth->finish(m_writer.lines());
    }
}

}  // namespace alloclens::generator
