// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/log_end.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace alloclens {
namespace {

// Those that follow the final statistics block: at most one of each client.
bool areAfterTheEnd(const Trace& trace, std::uint32_t stopLine) {
    constexpr std::size_t kMostAfter = 16;
    const auto& lines = trace.events.line;
    const auto after = static_cast<std::size_t>(lines.end() - std::upper_bound(lines.begin(), lines.end(), stopLine));
    return after <= kMostAfter + trace.processes.size();
}

}  // namespace

bool isServerLog(const Trace& trace) {
    constexpr std::string_view kName = "server-log";
    return (trace.origin.format.empty() ? trace.formatName : trace.origin.format) == kName;
}

bool hasOwnEnd(const Trace& trace) {
    constexpr DiagnosticCode kCuts[] = {DiagnosticCode::CompressedTail, DiagnosticCode::UnfinishedTrace,
                                        DiagnosticCode::MissingPart};
    const bool isCut = std::any_of(std::begin(kCuts), std::end(kCuts),
                                   [&trace](DiagnosticCode code) { return trace.diagnostics.count(code) > 0; });
    if (isCut || trace.isGrowing) return false;
    if (!isServerLog(trace)) return true;
    for (auto fact = trace.facts.rbegin(); fact != trace.facts.rend(); ++fact) {
        if (fact->kind == FactKind::ServerStarted) return false;
        if (fact->kind == FactKind::ServerStopped) return areAfterTheEnd(trace, fact->line);
    }
    return false;
}

}  // namespace alloclens
