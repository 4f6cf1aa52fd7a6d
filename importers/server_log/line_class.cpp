// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/line_class.h"

#include "importers/server_log/event_line.h"
#include "importers/server_log/fact_line.h"

namespace alloclens::server_log {

LineClass classOf(std::string_view text) {
    bool isDamaged = false;
    for (std::size_t at = nextHead(text, 0); at != std::string_view::npos; at = nextHead(text, at + 1)) {
        EventMatch match;
        switch (matchEvent(text, at, match)) {
        case Match::Event: return LineClass::Event;
        case Match::Other: break;
        default: isDamaged = true; break;
        }
    }
    if (isDamaged) return LineClass::Damaged;
    if (matchFact(text)) return LineClass::Fact;
    return looksLikeTornEvent(text) ? LineClass::Damaged : LineClass::Foreign;
}

}  // namespace alloclens::server_log
