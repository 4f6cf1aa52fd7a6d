// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/torn_heads.h"

#include "importers/server_log/event_line.h"
#include "importers/server_log/residue.h"

namespace alloclens::server_log {
namespace {

bool isWarning(std::string_view text, std::size_t head) { return text.substr(0, head).ends_with("\u26a0 "); }

// Events come one after the other: before the next one's head all of this one has been written. A complaint of the
// server begins with a sign of its own, and may be another thread's.
std::size_t endOfSearch(std::string_view text, std::size_t head) {
    for (std::size_t at = nextHead(text, head + 1); at != std::string_view::npos; at = nextHead(text, at + 1)) {
        EventMatch match;
        const Match kind = matchEvent(text, at, match);
        if (kind == Match::Event || kind == Match::Other || !isWarning(text, at)) return beginOfHead(text, at);
    }
    return text.size();
}

}  // namespace

std::vector<TornExtent> tornExtents(const LogWindow& window) {
    const std::string_view text = window.text();
    std::vector<TornExtent> found;
    TornExtent next;
    for (std::size_t at = nextHead(text, 0); at < window.endOfLine(0) && found.size() < kMostTornHeads;) {
        EventMatch match;
        const Match kind = matchEvent(text.substr(0, window.endOfLine(0)), at, match);
        if (kind == Match::Event) {
            next.from = match.end;
            ++next.eventsBefore;
            at = nextHead(text, match.end);
            continue;
        }
        if (kind != Match::Other) {
            next.head = at;
            next.end = endOfSearch(text, at);
            found.push_back(next);
        }
        at = nextHead(text, at + 1);
    }
    return found;
}

}  // namespace alloclens::server_log
