// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/source/source_marks.h"

#include <algorithm>

#include "app/gui/look/words.h"
#include "core/wording/story.h"

namespace alloclens {

LineMark markOfLine(const ViewState& state, std::uint32_t line) {
    LineMark mark;
    if (!state.analysis()) return mark;
    const Analysis& analysis = *state.analysis();
    const auto& lines = analysis.trace->events.line;
    for (auto at = std::lower_bound(lines.begin(), lines.end(), line); at != lines.end() && *at == line; ++at) {
        mark.hasEvent = true;
        const auto event = static_cast<std::size_t>(at - lines.begin());
        if (analysis.replay.letters[event] == Letter::Refused)
            mark.refused = std::max(mark.refused, analysis.findings.blameOfRefused(EventId(event)));
    }
    if (!mark.hasEvent || !state.selection().finding.isValid()) return mark;
    const Finding& finding = analysis.findings.row(state.selection().finding);
    for (const RoleEvent& role : analysis.findings.rolesOf(finding)) {
        if (lines[role.event.index()] == line) mark.role = toQString(roleWords(finding, role.role));
    }
    return mark;
}

}  // namespace alloclens
