// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the source panel draws beside a line: whether it holds events, whether one of them was refused and who is to
// blame for it, and the role it plays in the selected finding. Found by bisection, so any file size costs the same.
#pragma once

#include <QString>

#include <optional>

#include "app/gui/document/view_state.h"

namespace alloclens {

struct LineMark {
    bool hasEvent = false;
    std::optional<Blame> refused;  ///< of a refused free, the gravest of several
    QString role;                  ///< "allocated", "freed" ...; empty if it plays none
};

[[nodiscard]] LineMark markOfLine(const ViewState& state, std::uint32_t line);

}  // namespace alloclens
