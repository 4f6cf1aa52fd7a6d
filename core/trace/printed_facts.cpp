// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/printed_facts.h"

#include <array>

namespace alloclens {

std::string_view factKindName(FactKind kind) {
    static constexpr std::array<std::string_view, 29> kNames = {
        "banner",           "server-started",     "server-stopped",      "statistics-begin", "device-heading",
        "statistics-count", "statistics-bytes",   "active-allocations",  "sweep-announced",  "sweep-removed",
        "sweep-counters",   "remaining-begin",    "remaining-total",     "remaining-memory", "remaining-entry",
        "double-freed",     "double-freed-entry", "double-freed-totals", "kernels-begin",    "kernel-line",
        "history-line",     "size-changed",       "circular-buffer",     "kernel",           "device-detected",
        "devices-detected", "detection-line",     "invalid-message",     "protocol-mismatch"};
    static_assert(kNames.size() == static_cast<std::size_t>(FactKind::ProtocolMismatch) + 1);
    return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace alloclens
